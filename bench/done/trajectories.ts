/**
 * Renders from bad to good: the built-in model refines an example with a threshold that it hardly meets, by the project's own loop,
 * renderers and reward. The same programs give the same renders, so labels of them stay valid.
 */
import { refine, searchStrategies } from '../../libs/agent/src/index.ts';
import { scriptedJob, scriptedPorts } from '../../libs/agent/src/testing/scripted-ports.ts';
import type { Candidate, RewardRecord, Size } from '../../libs/contracts/src/index.ts';
import { fitWithin, RegionCropper } from '../../libs/imaging/src/index.ts';
import { createModels } from '../../libs/models/src/index.ts';
import { languages } from '../../libs/render/src/languages/index.ts';
import type { RenderService } from '../../libs/render/src/index.ts';
import type { Reward } from '../../libs/reward/src/index.ts';

export interface RenderedCode {
  iteration: number;
  code: string;
  render: Uint8Array;
  reward: RewardRecord;
}

/** Every gain is taken, so that there are many renders: no guard, and no end before the last iteration. */
const policy = {
  ...{ threshold: 1, maxIterations: 24, patience: 24, repairs: 1 },
  ...{ maxTextLoss: 1, maxTileLoss: 1, maxLockedLoss: 1 },
};
const signal = new AbortController().signal;
const cropper = new RegionCropper();

/** Every distinct render of one job, in order. `image` is the target as PNG. */
export async function trajectory(
  { image, size, language: id }: { image: Uint8Array; size: Size; language: string },
  { renderers, reward }: { renderers: RenderService; reward: Reward },
): Promise<RenderedCode[]> {
  const language = languages.find((known) => known.id === id)!;
  // The store in memory of the loop's tests; everything else is what a server has.
  const memory = scriptedPorts(() => undefined);
  const blob = await memory.put(image);
  const job = await scriptedJob(memory, { policy });
  const target = { ...job.target, ...size, image: blob, original: blob };
  const models = createModels({ environment: {}, languages, blobs: memory.ports.blobs });
  const ports = {
    ...memory.ports,
    model: models,
    render: renderers,
    reward,
    images: { fit: fitWithin, crops: cropper.crops.bind(cropper) },
  };
  const named = { ...job, target, language, model: 'builtin/vectorizer' };
  await refine({ job: named, from: [], trusted: true, strategies: searchStrategies, ports, signal });
  return Promise.all(distinct(memory.candidates).map((candidate) => readCandidate(candidate, memory.ports.blobs)));
}

/** The candidates that render, each render once. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const renders = candidates.map(imageOf);
  return candidates.filter((_, index) => renders[index] !== null && renders.indexOf(renders[index]!) === index);
}

const imageOf = ({ render }: Candidate): string | null => (render?.status === 'ok' ? render.image : null);

async function readCandidate(
  candidate: Candidate,
  blobs: { get(id: string): Promise<Uint8Array> },
): Promise<RenderedCode> {
  const [code, render] = await Promise.all([blobs.get(candidate.code!), blobs.get(imageOf(candidate)!)]);
  return { iteration: candidate.iteration, code: new TextDecoder().decode(code), render, reward: candidate.reward };
}
