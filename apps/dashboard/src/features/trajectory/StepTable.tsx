import { termWords, type Policy } from '@pentimento/contracts';
import clsx from 'clsx';
import { formatChange, formatScore } from '../../ui/format.ts';
import { secondaryTerm, verdictWord, type Step } from './model.ts';

/** The chart as a table of numbers. */
export function StepTable({
  steps,
  selected,
  best,
  policy,
  onSelect,
}: {
  steps: readonly Step[];
  selected: Step | null;
  best: number | null;
  policy: Policy;
  onSelect: (index: number) => void;
}) {
  return (
    <table className="tabular w-full text-xs">
      <thead>
        <tr className="text-left text-muted [&_th]:pr-2 [&_th]:pb-1 [&_th]:font-normal">
          <th scope="col">Iteration</th>
          <th scope="col">Kind</th>
          <th scope="col" className="text-right">
            Score
          </th>
          <th scope="col" className="text-right">
            Change
          </th>
          <th scope="col" className="text-right">
            <span className="inline-block first-letter:uppercase">{termWords(secondaryTerm(policy))}</span>
          </th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={step.index} className={clsx('border-t [&_td]:pr-2', step === selected && 'bg-hover')}>
            <th scope="row" className="text-left font-normal">
              <button
                type="button"
                className="h-7 min-w-7 text-left underline underline-offset-2"
                onClick={() => onSelect(step.index)}
              >
                {step.index}
                {step.index === best && ' ★'}
                {step.index === best && <span className="sr-only"> best</span>}
              </button>
            </th>
            <td>{step.iteration.kind}</td>
            <td className="text-right">
              {step.score === null ? step.failure : formatScore(step.score, policy.threshold)}
            </td>
            <td className="text-right">{step.change === null ? '' : formatChange(step.change)}</td>
            <td className="text-right">{step.secondary === null ? '' : formatScore(step.secondary)}</td>
            <td>{verdictWord(step.iteration.verdicts[step.iteration.candidates.indexOf(step.candidate)]!)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
