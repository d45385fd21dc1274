'use client';

import { useQuery } from '@tanstack/react-query';
import { termWords, type Candidate, type IterationKind, type Job } from '@pentimento/contracts';
import { Star } from 'lucide-react';
import { forecastQuery } from '../../api/queries.ts';
import { cividisColor } from '../../ui/cividis.ts';
import { formatChange, formatScore } from '../../ui/format.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { failureSentence } from '../compare/model.ts';
import { parentsOf, readScores, verdictWord, type Step } from './model.ts';
import { AllTerms } from './AllTerms.tsx';
import { forecastSentence } from './forecast.ts';
import { ScoreChart } from './ScoreChart.tsx';
import { StepTable } from './StepTable.tsx';

const kindWords: Record<IterationKind, string> = {
  provided: 'your own initial code',
  draft: 'draft',
  repair: 'repair',
  refine: 'refine',
  rewrite: 'rewrite',
  edit: 'edit by hand',
};

/** Terms that are always shown next to the score. */
const shownAnyway: readonly string[] = ['overall', 'visual', 'worstTile'];

interface Props {
  job: Job;
  steps: readonly Step[];
  step: Step | null;
  candidate: Candidate | null;
  onSelect: (index: number) => void;
  onCandidate: (index: number) => void;
}

export function ScoreBlock({ job, steps, step, candidate, onSelect, onCandidate }: Props) {
  return (
    <section
      aria-label="Score"
      className="relative flex max-h-[68%] shrink-0 flex-col gap-2 overflow-auto border-b p-3 max-md:max-h-none"
      data-testid="score"
    >
      {step && candidate ? (
        <Selected {...{ job, steps, step, candidate, onSelect, onCandidate }} />
      ) : (
        <p className="text-muted">No score yet.</p>
      )}
      <ScoreChart
        steps={steps}
        selected={step?.index ?? null}
        policy={job.policy}
        best={job.best?.iteration ?? null}
        onSelect={onSelect}
      />
      {steps.length > 0 && <ForecastLine job={job} />}
      {steps.length > 0 && (
        <details>
          <summary className="w-fit text-xs text-muted">Scores as a table</summary>
          <div
            className="relative mt-2 max-h-64 overflow-auto"
            tabIndex={0}
            role="region"
            aria-label="Scores as a table"
          >
            <StepTable
              steps={steps}
              selected={step}
              best={job.best?.iteration ?? null}
              policy={job.policy}
              onSelect={onSelect}
            />
          </div>
        </details>
      )}
    </section>
  );
}

function Selected({
  job,
  steps,
  step,
  candidate,
  onSelect,
  onCandidate,
}: Omit<Props, 'step' | 'candidate'> & { step: Step; candidate: Candidate }) {
  const { terms, tiles } = candidate.reward;
  const { worstTile = null } = terms;
  const reads = readScores(job.policy, candidate).filter(({ term }) => !shownAnyway.includes(term));
  const { candidates, verdicts, kind } = step.iteration;
  const rendered = candidate.render?.status === 'ok';
  const verdict = verdicts[candidates.indexOf(candidate)];
  const isBest = candidate.id === job.best?.candidate;
  return (
    <>
      <div className="flex items-baseline gap-2">
        <h2 className="font-semibold">Iteration {step.index}</h2>
        <span className="min-w-0 truncate text-muted">
          {kindWords[kind]}
          {verdict && `, ${verdictWord(verdict)}`}
        </span>
        <Parents steps={steps} candidate={candidate} onSelect={onSelect} />
        {isBest && (
          <span className="flex items-center gap-1 self-center">
            <Star size={12} aria-hidden className="fill-accent text-accent" /> best
          </span>
        )}
      </div>
      {rendered ? (
        <div className="flex items-end gap-4">
          <p className="tabular text-2xl font-semibold tracking-tight" data-testid="overall">
            {formatScore(terms.overall, job.policy.threshold)}
          </p>
          <p className="tabular pb-1 text-lg text-muted">
            {candidate === step.candidate && step.change !== null ? formatChange(step.change) : ''}
          </p>
          <dl className="tabular ml-auto grid grid-cols-[auto_auto] gap-x-2 pb-0.5 text-xs">
            <Term name="visual" value={formatScore(terms.visual)} score={terms.visual} />
            <Term name="alignment" value={String(terms.alignment)} />
            {worstTile !== null && (
              <Term
                name={tiles.length > 1 ? 'worst tile' : 'thumbnail'}
                value={formatScore(worstTile)}
                score={worstTile}
              />
            )}
            {reads.map(({ term, score, minimum }) => (
              <Term key={term} name={termWords(term)} value={formatScore(score, minimum)} score={score} />
            ))}
          </dl>
        </div>
      ) : (
        <p>
          No image
          {candidate.render?.status === 'failed'
            ? `: ${failureSentence(candidate.render.kind)}. The log has the error.`
            : `. ${candidate.parseDetail || 'The reply held no usable code.'}`}
        </p>
      )}
      {rendered && <AllTerms candidate={candidate} />}
      {candidates.length > 1 && (
        <Segmented
          name="Candidate"
          selected={String(candidate.index)}
          onSelect={(id) => onCandidate(Number(id))}
          options={candidates.map((option, index) => ({
            id: String(index),
            label: `${index}: ${option.render?.status === 'ok' ? formatScore(option.reward.terms.overall, job.policy.threshold) : 'no image'}`,
            hint: verdicts[index] && verdictWord(verdicts[index]),
          }))}
        />
      )}
    </>
  );
}

/** Links to the iterations that the candidate's prompt started from. */
function Parents({ steps, candidate, onSelect }: Pick<Props, 'steps' | 'onSelect'> & { candidate: Candidate }) {
  const parents = parentsOf(steps, candidate);
  if (parents.length === 0) return null;
  return (
    <span className="whitespace-nowrap text-muted" data-testid="parents">
      from{' '}
      {parents.map(({ iteration, index }, at) => (
        <span key={`${iteration}/${index}`}>
          {at > 0 && ' and '}
          <button type="button" className="underline hover:text-inherit" onClick={() => onSelect(iteration)}>
            iteration {iteration}
          </button>
        </span>
      ))}
    </span>
  );
}

function Term({ name, value, score }: { name: string; value: string; score?: number }) {
  return (
    <>
      <dt className="text-right text-muted">{name}</dt>
      <dd className="flex items-center justify-end gap-1.5">
        {value}
        <span
          className="size-2.5 rounded-sm"
          style={score === undefined ? undefined : { background: cividisColor(score) }}
        />
      </dd>
    </>
  );
}

/** Whether more is worth it; nothing where the threshold is met, or nothing is known. */
function ForecastLine({ job }: { job: Job }) {
  const { data: forecast } = useQuery(forecastQuery(job.id, job.scores.length));
  if (!forecast || job.outcome === 'threshold_met') return null;
  return (
    <p className="text-xs text-muted" data-testid="forecast">
      {forecastSentence(forecast)}
    </p>
  );
}
