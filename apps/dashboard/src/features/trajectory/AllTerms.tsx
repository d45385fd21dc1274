import { rewardTermNames, type Candidate, type RewardTerms } from '@pentimento/contracts';
import { cividisColor } from '../../ui/cividis.ts';
import { formatScore } from '../../ui/format.ts';

/** The terms besides the published score, and what each measures. */
const diagnosticTerms: readonly { term: keyof RewardTerms; looksAt: string }[] = [
  { term: 'lowQuantile', looksAt: 'the worst tenth of the tiles' },
  { term: 'windows', looksAt: 'native scale, where tiles are squeezed' },
  { term: 'size', looksAt: 'pixels, before the render is stretched' },
  { term: 'aspect', looksAt: 'width to height' },
  { term: 'colour', looksAt: 'colors alone' },
  { term: 'text', looksAt: 'words, where both texts are known' },
  { term: 'shiftTolerant', looksAt: 'the best match within a few pixels' },
];

/** Every term of a candidate's reward, collapsed at first. */
export function AllTerms({ candidate: { reward, render } }: { candidate: Candidate }) {
  const { terms, shift, version, encoder } = reward;
  const molecule = render?.status === 'ok' ? render.molecule : null;
  return (
    <details data-testid="all-terms">
      <summary className="w-fit text-xs text-muted">All terms</summary>
      <table className="tabular mt-2 w-full text-xs">
        <caption className="sr-only">Terms besides the published score</caption>
        <tbody>
          {diagnosticTerms.map(({ term, looksAt }) => (
            <tr key={term}>
              <th scope="row" className="py-0.5 pr-3 text-left align-top font-normal whitespace-nowrap">
                {rewardTermNames[term]}
              </th>
              <td className="w-full py-0.5 pr-3 align-top text-muted">
                {looksAt}
                {term === 'shiftTolerant' &&
                  shift &&
                  (shift.x !== 0 || shift.y !== 0) &&
                  `: moved by ${shift.x}, ${shift.y} px`}
              </td>
              <Value value={terms[term]} />
            </tr>
          ))}
        </tbody>
      </table>
      {molecule && (
        <p className="mt-2 text-xs">
          <span className="text-muted">Canonical SMILES </span>
          <span className="font-mono break-all">{molecule.canonical}</span>
          {molecule.similarity !== null && (
            <span className="text-muted">, Tanimoto similarity {formatScore(molecule.similarity)}</span>
          )}
        </p>
      )}
      <p className="mt-2 text-xs text-muted">
        Reward {version}, encoder {encoder.id}. Only the visual score and alignment make the overall score.
      </p>
    </details>
  );
}

function Value({ value }: { value: number | null }) {
  if (value === null) {
    return (
      <td className="py-0.5 text-right align-top whitespace-nowrap text-muted" title="Not known here">
        none
      </td>
    );
  }
  return (
    <td className="py-0.5 text-right align-top">
      <span className="flex items-center justify-end gap-1.5">
        {formatScore(value)}
        <span className="size-2.5 rounded-sm" style={{ background: cividisColor(value) }} />
      </span>
    </td>
  );
}
