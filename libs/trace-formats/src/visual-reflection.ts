import { reachesThreshold, type Candidate, type Patch } from '@pentimento/contracts';
import {
  bestLineageOf,
  type ExportedTrace,
  type ExportImage,
  rowExporter,
  sha256Of,
  type Trace,
  TraceError,
  type TraceSource,
  traceVersion,
  type Turn,
} from '@pentimento/traces';
import { image, imagePath, jsonLines, list, type Row, string, struct } from '@pentimento/traces/tables';
import { boxText, patchText } from './patch-text.ts';
import { pythonJson } from './python-json.ts';

/** A line that begins so would be read as a part of the reply's form. */
const reservedHeader = /^(?:Reflection|Action|Edit):/m;

/** What Python's `strip` removes. */
const outerSpace = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;

interface ReflectionStep {
  reflection: string;
  action: 'continue' | 'stop';
  edit: string;
}

/**
 * The visual reflection contract of verl-omni, `visual_reflection_v1` (verl_omni/utils/dataset/visual_reflection/contracts.py): image k is the
 * state that step k reflects on, and its edit leads to image k + 1. The images are the renders that led to the best candidate, the reflection
 * is what was measured in them, and the edit is the reply. The last step stops, so a trajectory must have reached its threshold.
 * The contract has no field for an input image: the prompt names the target's file.
 */
export const visualReflection = rowExporter({
  id: 'visual-reflection',
  title: 'verl-omni visual reflection',
  description: 'Renders with what is wrong in each and the edit that followed, up to the threshold, for verl-omni.',
  unit: 'trajectory',
  table: jsonLines,
  columns: {
    trajectory_id: string,
    manifest_id: string,
    source_dataset: string,
    source_record_id: string,
    pipeline_variant: string,
    prompt: string,
    images: list(struct({ uri: image, sha256: string })),
    steps: list(struct({ reflection: string, action: string, edit: string })),
  },
  meta: false,
  async *units(exported) {
    yield { row: await trajectoryRow(exported) };
  },
});

async function trajectoryRow({ trace, source }: ExportedTrace): Promise<Row> {
  const { job } = trace;
  const turns = renderedTurns(bestLineageOf(trace));
  const best = turns.at(-1);
  if (!best) throw new TraceError('not_rendered', 'Nothing rendered, so there is no image to reflect on.');
  if (!reachesThreshold(best.candidate, job.policy))
    throw new TraceError(
      'threshold_missed',
      'The best candidate is below the threshold, so it is no state to stop at.',
    );
  const target = await source.image(job.target.image);
  const images = await Promise.all(turns.map(({ candidate }) => source.image(renderOf(candidate)!)));
  const steps = await Promise.all(turns.map((turn, index) => stepOf(turn, turns[index + 1], source)));
  const content = {
    manifest_id: `pentimento-trace-${traceVersion}`,
    source_dataset: 'pentimento',
    source_record_id: job.id,
    pipeline_variant: 'direct_parse',
    prompt: promptOf(job, target),
    images: images.map((state) => ({ uri: imagePath(state), sha256: state.id })),
    steps,
  };
  const digest = await sha256Of(`visual_reflection_v1\0${pythonJson(content, { compact: true })}`);
  return {
    trajectory_id: `traj_${digest}`,
    ...content,
    images: images.map((state) => ({ uri: state, sha256: state.id })),
    target,
  };
}

/** The last turns that all rendered: one that did not is no state. */
function renderedTurns(lineage: readonly Turn[]): Turn[] {
  const failed = lineage.findLastIndex(({ candidate }) => renderOf(candidate) === null);
  return lineage.slice(failed + 1);
}

const renderOf = ({ render }: Candidate) => (render?.status === 'ok' ? render.image : null);

async function stepOf(turn: Turn, next: Turn | undefined, source: TraceSource): Promise<ReflectionStep> {
  const score = `The render scores ${turn.score.toFixed(3)} of 1`;
  if (!next) return { reflection: `${score}, which is enough.`, action: 'stop', edit: '' };
  const edit = normalized(await source.text(next.candidate.call!.reply));
  if (edit === '') throw new TraceError('no_code', 'A reply is empty, so there is no edit.');
  if (reservedHeader.test(edit))
    throw new TraceError('reserved_header', 'A reply has a line that begins with "Reflection:", "Action:" or "Edit:".');
  return { reflection: [`${score}.`, ...next.iteration.patches.map(patchLine)].join('\n'), action: 'continue', edit };
}

const patchLine = (patch: Patch): string => `The region ${boxText(patch.box)} ${patchText(patch)}.`;

function promptOf({ target: { width, height }, language, instructions }: Trace['job'], target: ExportImage): string {
  const task = `Reproduce the target image ${imagePath(target)}, ${width}x${height} pixels, as ${language} code.`;
  return normalized(`${task}\n\n${instructions}`);
}

/** As the contract normalizes texts before it computes the trajectory's id. */
const normalized = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replaceAll(outerSpace, '');
