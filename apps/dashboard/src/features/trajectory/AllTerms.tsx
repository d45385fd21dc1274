import { useQuery } from '@tanstack/react-query';
import { termWords, type Candidate, type RewardTermInfo, type RewardTerms } from '@pentimento/contracts';
import { rewardTermsQuery } from '../../api/queries.ts';
import { cividisColor } from '../../ui/cividis.ts';
import { formatScore } from '../../ui/format.ts';

/** Shown with the score already. */
const shownElsewhere = ['worstTile'];

/** The additional terms: as the server describes them, else those of the record by their ids. */
function diagnosticTerms(infos: readonly RewardTermInfo[] | undefined, terms: RewardTerms) {
  const diagnostic = infos
    ? infos.filter(({ published }) => !published)
    : Object.keys(terms)
        .filter((id) => !['overall', 'visual', 'alignment', 'execution'].includes(id))
        .map((id) => ({ id, label: termWords(id), description: '' }));
  return diagnostic.filter(({ id }) => !shownElsewhere.includes(id));
}

/** Every term of a candidate's reward, collapsed at first. */
export function AllTerms({ candidate: { reward, render } }: { candidate: Candidate }) {
  const { terms, shift, version, encoder } = reward;
  const { data: infos } = useQuery(rewardTermsQuery);
  const bitmapShare = (render?.status === 'ok' && render.bitmapShare) || 0;
  const molecule = render?.status === 'ok' ? render.molecule : null;
  return (
    <details data-testid="all-terms">
      <summary className="w-fit text-xs text-muted">All terms</summary>
      <table className="tabular mt-2 w-full text-xs">
        <caption className="sr-only">Additional terms</caption>
        <tbody>
          {diagnosticTerms(infos, terms).map(({ id, label, description }) => (
            <tr key={id}>
              <th scope="row" className="py-0.5 pr-3 text-left align-top font-normal whitespace-nowrap">
                {label}
              </th>
              <td className="w-full py-0.5 pr-3 align-top text-muted">
                {description}
                {id === 'shiftTolerant' &&
                  shift &&
                  (shift.x !== 0 || shift.y !== 0) &&
                  `: moved by ${shift.x}, ${shift.y} px`}
              </td>
              <Value value={terms[id] ?? null} />
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
      {bitmapShare > 0 && (
        <p className="mt-2 text-xs">Embedded bitmaps cover {Math.max(1, Math.round(100 * bitmapShare))} % of it.</p>
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
