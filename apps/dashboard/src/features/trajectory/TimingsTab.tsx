import clsx from 'clsx';
import { formatDuration } from '../../ui/format.ts';
import type { StageTimes, Step } from './model.ts';

const stages: { id: keyof StageTimes; label: string; look: string }[] = [
  { id: 'model', label: 'model', look: 'bg-ink' },
  { id: 'render', label: 'render', look: 'bg-edge' },
  { id: 'reward', label: 'reward', look: 'border border-edge bg-surround' },
];

/** The times of all stages, one row per iteration, on one scale. */
export function TimingsTab({
  steps,
  selected,
  onSelect,
}: {
  steps: readonly Step[];
  selected: Step | null;
  onSelect: (index: number) => void;
}) {
  const longest = Math.max(1, ...steps.map((step) => total(step.times)));
  if (steps.length === 0) return <p className="p-4 text-muted">No iteration is over yet.</p>;
  return (
    <table className="tabular w-full text-xs" data-testid="timings">
      <caption className="px-3 py-2 text-left text-muted">Summed over an iteration’s candidates.</caption>
      <thead>
        <tr className="text-muted [&_th]:px-1 [&_th]:pb-1 [&_th]:font-normal">
          <th scope="col" className="pl-3! text-left">
            #
          </th>
          {stages.map((stage) => (
            <th key={stage.id} scope="col" className="text-right">
              <span className={clsx('mr-1 inline-block size-2', stage.look)} />
              {stage.label}
            </th>
          ))}
          <th scope="col" className="w-2/5 pr-3! text-left">
            together
          </th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={step.index} className={clsx('border-t [&_td]:px-1', step === selected && 'bg-hover')}>
            <th scope="row" className="pl-3 text-left font-normal">
              <button
                type="button"
                className="h-7 min-w-6 text-left underline underline-offset-2"
                onClick={() => onSelect(step.index)}
              >
                {step.index}
              </button>
            </th>
            {stages.map((stage) => (
              <td key={stage.id} className="text-right whitespace-nowrap">
                {formatDuration(step.times[stage.id])}
              </td>
            ))}
            <td className="pr-3!">
              <span className="flex items-center gap-2">
                <span className="flex h-3" style={{ width: `${(total(step.times) / longest) * 100}%` }}>
                  {stages.map((stage) => (
                    <span
                      key={stage.id}
                      className={stage.look}
                      style={{ width: `${(step.times[stage.id] / Math.max(1, total(step.times))) * 100}%` }}
                    />
                  ))}
                </span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function total(times: StageTimes): number {
  return times.model + times.render + times.reward;
}
