'use client';

import type { Candidate, Job, Judgment } from '@pentimento/contracts';
import clsx from 'clsx';
import { ChevronLeft, ChevronRight, Pause, Play, Star, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { blobUrl } from '../../api/client.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { formatChange, formatScore } from '../../ui/format.ts';
import { JudgmentMarks } from '../judgments/JudgmentMarks.tsx';
import { markSentence, marksOf } from '../judgments/model.ts';
import { pendingWords, type Pending } from './live.ts';
import { iterationWords } from './partial.ts';
import { usePartialReplies } from './usePartialReplies.ts';
import type { Step } from './model.ts';

interface Props {
  job: Job;
  steps: readonly Step[];
  selected: Step | null;
  /** Iterations in progress. */
  pending: readonly Pending[];
  /** Their candidates that are finished already. */
  candidates: readonly Candidate[];
  /** The judgments that count. */
  judgments: readonly Judgment[];
  following: boolean;
  live: boolean;
  playing: boolean;
  onPlaying: (playing: boolean) => void;
  onSelect: (index: number | null) => void;
  /** Shows what is being written. */
  onLive: () => void;
}

export function Filmstrip({
  job,
  steps,
  selected,
  pending,
  candidates,
  judgments,
  following,
  live,
  playing,
  onPlaying,
  onSelect,
  onLive,
}: Props) {
  const at = steps.findIndex((step) => step === selected);
  const newer = steps.length - 1 - at;
  return (
    <section
      aria-label="Iterations"
      className="flex items-stretch border-t bg-panel max-md:flex-col"
      data-testid="filmstrip"
    >
      <div className="flex shrink-0 flex-col justify-center gap-1 border-r px-2 py-1 max-md:flex-row max-md:justify-start max-md:border-r-0 max-md:border-b">
        <div className="flex items-center justify-center">
          <IconButton name="Previous iteration (←)" disabled={at <= 0} onClick={() => onSelect(steps[at - 1]!.index)}>
            <ChevronLeft size={16} aria-hidden />
          </IconButton>
          <span className="tabular min-w-14 text-center text-sm">
            {selected ? `${selected.index} / ${steps.at(-1)!.index}` : '–'}
          </span>
          <IconButton
            name="Next iteration (→)"
            disabled={at < 0 || newer <= 0}
            onClick={() => onSelect(steps[at + 1]!.index)}
          >
            <ChevronRight size={16} aria-hidden />
          </IconButton>
        </div>
        <Player steps={steps} at={at} playing={playing} onPlaying={onPlaying} onSelect={onSelect} />
        {live && !following && (
          <Button className="h-7 px-2" onClick={() => onSelect(null)}>
            {newer > 0 ? `${newer} newer, L to follow` : 'Follow (L)'}
          </Button>
        )}
      </div>
      <ol className="flex min-w-0 flex-1 gap-1 overflow-x-auto p-2" aria-label="Filmstrip">
        {steps.map((step) => (
          <Frame
            key={step.index}
            step={step}
            threshold={job.policy.threshold}
            best={step.index === job.best?.iteration}
            judgments={judgments}
            selected={step === selected}
            onSelect={() => onSelect(step.index)}
          />
        ))}
        {pending.map((shown) => (
          <PendingFrame
            key={shown.index}
            jobId={job.id}
            pending={shown}
            image={newestImage(candidates, shown.index)}
            onLive={onLive}
          />
        ))}
        {steps.length === 0 && pending.length === 0 && (
          <li className="self-center px-2 text-muted">
            {live ? 'The first iteration will appear here.' : 'No iteration was finished.'}
          </li>
        )}
      </ol>
    </section>
  );
}

function Frame({
  step,
  best,
  judgments,
  threshold,
  selected,
  onSelect,
}: {
  step: Step;
  best: boolean;
  judgments: readonly Judgment[];
  threshold: number;
  selected: boolean;
  onSelect: () => void;
}) {
  const frame = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected && frame.current) reveal(frame.current);
  }, [selected]);
  const { render } = step.candidate;
  const marks = marksOf(judgments, step.iteration.candidates);
  return (
    <li ref={frame} className="slide-in">
      <button
        type="button"
        aria-current={selected || undefined}
        onClick={onSelect}
        data-testid={`frame-${step.index}`}
        className={clsx(
          'relative block w-26 rounded border-2 p-0.5 text-left outline-offset-[-2px]',
          selected ? 'border-accent' : 'border-transparent hover:border-line',
        )}
      >
        <span className="sr-only">
          {[describe(step, best, threshold), markSentence(marks)].filter(Boolean).join(', ')}
        </span>
        <span aria-hidden className="flex h-16 items-center justify-center overflow-hidden rounded-sm bg-surround">
          {render?.status === 'ok' ? (
            <img
              src={blobUrl(render.image, 192)}
              alt=""
              loading="lazy"
              decoding="async"
              className="max-h-full max-w-full object-contain"
            />
          ) : (
            <span className="flex flex-col items-center text-xs text-muted">
              <X size={16} aria-hidden />
              {step.failure}
            </span>
          )}
        </span>
        <JudgmentMarks marks={marks} />
        <span aria-hidden className="tabular mt-0.5 flex items-baseline gap-1 px-0.5 text-xs">
          <span className="text-muted">{step.index}</span>
          <span className="ml-auto">{step.score === null ? '–' : formatScore(step.score, threshold)}</span>
          {best ? (
            <Star size={12} aria-hidden className="self-center fill-accent text-accent" />
          ) : (
            <span className="w-3" />
          )}
        </span>
        <span aria-hidden className="tabular block h-4 px-0.5 pr-4.5 text-right text-xs text-muted">
          {step.change === null ? '' : formatChange(step.change)}
        </span>
      </button>
    </li>
  );
}

/** Scrolls the strip without scrolling the page. */
function reveal(frame: HTMLElement): void {
  const strip = frame.parentElement!;
  const margin = 8;
  const left = frame.offsetLeft - strip.offsetLeft - margin;
  const right = left + frame.offsetWidth + 2 * margin;
  if (left < strip.scrollLeft) strip.scrollLeft = left;
  else if (right > strip.scrollLeft + strip.clientWidth) strip.scrollLeft = right - strip.clientWidth;
}

function describe(step: Step, best: boolean, threshold: number): string {
  const parts = [
    `Iteration ${step.index}`,
    step.score === null ? `no image, ${step.failure}` : `score ${formatScore(step.score, threshold)}`,
    step.change === null ? '' : `change ${formatChange(step.change)}`,
    best ? 'best' : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** The newest render of an iteration in progress; null where there is none yet. */
function newestImage(candidates: readonly Candidate[], iteration: number): string | null {
  const renders = candidates.filter((candidate) => candidate.iteration === iteration).map(({ render }) => render);
  const newest = renders.findLast((render) => render?.status === 'ok');
  return newest?.status === 'ok' ? newest.image : null;
}

function PendingFrame({
  jobId,
  pending,
  image,
  onLive,
}: {
  jobId: string;
  pending: Pending;
  image: string | null;
  onLive: () => void;
}) {
  const writing = iterationWords(usePartialReplies(jobId), pending.index);
  return (
    <li className="slide-in shrink-0" data-testid="pending" title={pending.waiting ?? undefined}>
      <button
        type="button"
        onClick={onLive}
        className="block w-26 rounded border-2 border-dashed p-0.5 text-left outline-offset-[-2px] hover:border-edge"
      >
        <span className="sr-only">Iteration in progress, show what is being written: </span>
        <span className="flex h-16 flex-col items-center justify-center overflow-hidden rounded-sm bg-surround text-xs text-muted">
          {image ? (
            <img src={blobUrl(image, 192)} alt="" className="max-h-full max-w-full object-contain" />
          ) : (
            <span>{pending.kind}</span>
          )}
        </span>
        <span className="mt-0.5 flex gap-1 px-0.5 text-xs">
          <span className="tabular text-muted">{pending.index}</span>
          <span>{writing?.pace ?? pendingWords(pending)}</span>
        </span>
        <span className="tabular block h-4 truncate px-0.5 text-xs text-muted">{writing?.count}</span>
      </button>
    </li>
  );
}

const speeds = [1, 2, 4, 8];

/** Steps through the iterations at a number per second, and stops at the last. */
function Player({
  steps,
  at,
  playing,
  onPlaying,
  onSelect,
}: Pick<Props, 'steps' | 'playing' | 'onPlaying' | 'onSelect'> & { at: number }) {
  const [speed, setSpeed] = useState(2);
  const next = steps[at + 1];
  useEffect(() => {
    if (!playing) return;
    const to = next ?? (at === steps.length - 1 && at > 0 ? null : steps[0]);
    if (!to) {
      onPlaying(false);
      return;
    }
    const timer = setTimeout(() => onSelect(to.index), 1000 / speed);
    return () => clearTimeout(timer);
  });
  const toggle = () => {
    if (!playing && !next && steps[0]) onSelect(steps[0].index);
    onPlaying(!playing);
  };
  return (
    <div className="flex items-center justify-center gap-1">
      <IconButton name={playing ? 'Pause (p)' : 'Play (p)'} onClick={toggle} disabled={steps.length < 2}>
        {playing ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
      </IconButton>
      <select
        aria-label="Iterations a second"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value))}
        className="h-7 rounded border border-transparent bg-transparent text-sm hover:bg-hover"
      >
        {speeds.map((value) => (
          <option key={value} value={value}>
            {value} / s
          </option>
        ))}
      </select>
    </div>
  );
}
