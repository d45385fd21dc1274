import { reachesThreshold, type Candidate, type Patch } from '@pentimento/contracts';
import { rowExporter, type Trace, turnUnits, type UnitDrop } from '@pentimento/traces';
import { parquet } from '@pentimento/traces/tables';
import { criticColumns, criticRow } from './critic-row.ts';
import { patchText } from './patch-text.ts';

/**
 * What a critic should say of each render: the patches that the next prompt asked to fix, or that it is done, where the candidate
 * reached the job's threshold or the next prompt found nothing to fix. Of other candidates no one looked for what is wrong.
 */
export const critic = rowExporter({
  id: 'critic',
  title: 'Critic',
  description:
    'Target and render with the regions that differ, and renders that are done, for training a critic with ms-swift.',
  unit: 'candidate',
  table: () => parquet,
  columns: criticColumns,
  meta: true,
  card: true,
  units(exported) {
    const { trace, source } = exported;
    return turnUnits(
      exported,
      async ({ candidate }) =>
        criticRow({
          target: await source.image(trace.job.target.image),
          render: await source.image(renderOf(candidate)!),
          findings: patchesOf(trace, candidate)!.map((patch) => ({
            box: patch.box,
            text: patch.words ?? patchText(patch),
            score: patch.score,
          })),
        }),
      ({ candidate }) => objection(trace, candidate),
    );
  },
});

function objection(trace: Trace, candidate: Candidate): Pick<UnitDrop, 'reason' | 'detail'> | undefined {
  if (renderOf(candidate) === null) return { reason: 'not_rendered', detail: 'There is no render to look at.' };
  if (patchesOf(trace, candidate) === null)
    return { reason: 'no_patches', detail: 'No prompt started from it, so no one looked for what is wrong.' };
  return undefined;
}

const renderOf = ({ render }: Candidate) => (render?.status === 'ok' ? render.image : null);

/**
 * What is wrong with a rendered candidate, worst first; empty where it is done, and null where it is not known. Of several prompts that
 * started from it the first says it: later ones turn to other regions. An edit by hand says nothing.
 */
function patchesOf({ job, iterations }: Trace, candidate: Candidate): readonly Patch[] | null {
  if (reachesThreshold(candidate, job.policy)) return [];
  const next = iterations.find(
    ({ kind, parents }) => parents[0] === candidate.id && kind !== 'repair' && kind !== 'edit',
  );
  // A rewrite without patches says only that the whole is wrong.
  return next && (next.patches.length > 0 || next.kind === 'refine') ? next.patches : null;
}
