'use client';

import { termWords, type Policy } from '@pentimento/contracts';
import clsx from 'clsx';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { formatScore, formatThreshold } from '../../ui/format.ts';
import { linePath, scalesOf, stepPath } from './chart.ts';
import { secondaryTerm, type Step } from './model.ts';

interface Props {
  steps: readonly Step[];
  selected: number | null;
  best: number | null;
  policy: Policy;
  onSelect: (index: number) => void;
}

const height = 132;

/** Scores over the iterations. A press or a drag selects; hovering shows the values. */
export function ScoreChart({ steps, selected, best, policy, onSelect }: Props) {
  const { threshold } = policy;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(360);
  const [hover, setHover] = useState<number | null>(null);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(160, Math.floor(entry!.contentRect.width))));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const frame = { left: 28, right: width - 8, top: 8, bottom: height - 18 };
  const scales = scalesOf(steps, threshold, policy.maxIterations, frame);
  const { x, y, ticks, nearest } = scales;
  const indexAt = (event: PointerEvent<Element>) =>
    nearest(event.clientX - event.currentTarget.getBoundingClientRect().left);
  const follow = (event: PointerEvent<Element>) => {
    if (steps.length === 0) return;
    const index = indexAt(event);
    setHover(index);
    if (event.buttons === 1) onSelect(steps[index]!.index);
  };
  const read = hover === null ? null : (steps[hover] ?? null);
  const shown = read?.index ?? selected;
  const arrows = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const to = by !== undefined && steps[steps.findIndex((step) => step.index === selected) + by];
    if (!to) return;
    event.preventDefault();
    onSelect(to.index);
  };
  return (
    <figure className="m-0 flex flex-col gap-1">
      <div ref={box}>
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={summary(steps, policy)}
          tabIndex={0}
          onKeyDown={arrows}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            follow(event);
          }}
          onPointerMove={follow}
          onPointerLeave={() => setHover(null)}
          className="block touch-pan-y cursor-crosshair"
          data-testid="chart"
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={frame.left} x2={frame.right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
              <text x={frame.left - 6} y={y(tick) + 4} textAnchor="end" className="fill-muted text-xs">
                {String(tick).replace(/^0\./, '.')}
              </text>
            </g>
          ))}
          <text x={frame.left} y={height - 4} className="fill-muted text-xs">
            0
          </text>
          <text x={frame.right} y={height - 4} textAnchor="end" className="fill-muted text-xs">
            {Math.max(policy.maxIterations, steps.length) - 1}
          </text>
          <line
            x1={frame.left}
            x2={frame.right}
            y1={y(threshold)}
            y2={y(threshold)}
            className="stroke-ink"
            strokeDasharray="4 3"
          />
          {shown !== null && (
            <line x1={x(shown)} x2={x(shown)} y1={frame.top} y2={frame.bottom} className="stroke-edge" />
          )}
          <path
            d={linePath(
              steps.map((step) => step.secondary),
              scales,
            )}
            fill="none"
            className="stroke-edge"
            strokeDasharray="1.5 2.5"
            strokeWidth={1.5}
          />
          <path
            d={stepPath(
              steps.map((step) => step.best),
              scales,
            )}
            fill="none"
            className="stroke-edge"
          />
          <path
            d={linePath(
              steps.map((step) => step.score),
              scales,
            )}
            fill="none"
            className="stroke-ink"
            strokeWidth={1.5}
          />
          {steps.map((step) => (
            <Point
              key={step.index}
              step={step}
              x={x(step.index)}
              y={step.score === null ? frame.bottom : y(step.score)}
              best={step.index === best}
              selected={step.index === selected}
              many={steps.length > 60}
            />
          ))}
        </svg>
      </div>
      <figcaption className="relative text-xs whitespace-nowrap text-muted">
        <span className={clsx('flex flex-wrap gap-x-4', read && 'invisible')}>
          <Legend policy={policy} />
        </span>
        {read && <span className="tabular absolute inset-x-0 top-0 truncate text-ink">{readOff(read, policy)}</span>}
      </figcaption>
    </figure>
  );
}

function Point({
  step,
  x,
  y,
  best,
  selected,
  many,
}: {
  step: Step;
  x: number;
  y: number;
  best: boolean;
  selected: boolean;
  many: boolean;
}) {
  if (step.score === null) {
    return <path d={`M${x - 3} ${y - 3}l6 6m0-6l-6 6`} className="stroke-ink" strokeWidth={1.5} />;
  }
  if (many && !best && !selected) return null;
  return (
    <circle
      cx={x}
      cy={y}
      r={selected ? 5 : best ? 4 : 2.5}
      className={best ? 'fill-accent' : selected ? 'fill-panel stroke-accent' : 'fill-ink'}
      strokeWidth={selected ? 2.5 : 0}
    />
  );
}

function Legend({ policy }: { policy: Policy }) {
  return (
    <>
      <Key label="score" line={<line x1={0} x2={16} y1={4} y2={4} className="stroke-ink" strokeWidth={1.5} />} />
      <Key label="best" line={<path d="M0 6h8V2h8" fill="none" className="stroke-edge" />} />
      <Key
        label={termWords(secondaryTerm(policy))}
        line={<line x1={0} x2={16} y1={4} y2={4} className="stroke-edge" strokeDasharray="1.5 2.5" strokeWidth={1.5} />}
      />
      <Key
        label={`threshold ${formatThreshold(policy)}`}
        line={<line x1={0} x2={16} y1={4} y2={4} className="stroke-ink" strokeDasharray="4 3" />}
      />
    </>
  );
}

function Key({ label, line }: { label: string; line: React.ReactNode }) {
  return (
    <span className="tabular flex items-center gap-1">
      <svg width={16} height={8} aria-hidden>
        {line}
      </svg>
      {label}
    </span>
  );
}

function readOff(step: Step, policy: Policy): string {
  const { threshold } = policy;
  const { secondary } = step;
  const parts = [`iteration ${step.index}`];
  if (step.score === null) parts.push(`no image, ${step.failure}`);
  else parts.push(`score ${formatScore(step.score, threshold)}`);
  if (secondary !== null) parts.push(`${termWords(secondaryTerm(policy))} ${formatScore(secondary)}`);
  if (step.best !== null) parts.push(`best ${formatScore(step.best, threshold)}`);
  return parts.join(' · ');
}

function summary(steps: readonly Step[], policy: Policy): string {
  const scored = steps.filter((step) => step.score !== null);
  if (scored.length === 0) return `Score chart: nothing scored yet. Threshold ${formatThreshold(policy)}.`;
  const first = formatScore(scored[0]!.score!);
  const best = formatScore(Math.max(...scored.map((step) => step.score!)), policy.threshold);
  return `Score chart over ${steps.length} iterations: first ${first}, best ${best}, threshold ${formatThreshold(policy)}. A table follows.`;
}
