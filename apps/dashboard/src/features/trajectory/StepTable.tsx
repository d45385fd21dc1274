import clsx from 'clsx';
import { formatChange, formatScore } from '../../ui/format.ts';
import { verdictWord, type Step } from './model.ts';

/** The chart's twin for who wants the numbers. */
export function StepTable({
  steps,
  selected,
  best,
  threshold,
  onSelect,
}: {
  steps: readonly Step[];
  selected: Step | null;
  best: number | null;
  threshold: number;
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
            Worst tile
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
                className="h-6 min-w-6 text-left underline underline-offset-2"
                onClick={() => onSelect(step.index)}
              >
                {step.index}
                {step.index === best && ' ★'}
                {step.index === best && <span className="sr-only"> best</span>}
              </button>
            </th>
            <td>{step.iteration.kind}</td>
            <td className="text-right">{step.score === null ? step.failure : formatScore(step.score, threshold)}</td>
            <td className="text-right">{step.change === null ? '' : formatChange(step.change)}</td>
            <td className="text-right">{step.worstTile === null ? '' : formatScore(step.worstTile)}</td>
            <td>{verdictWord(step.iteration.verdicts[step.iteration.candidates.indexOf(step.candidate)]!)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
