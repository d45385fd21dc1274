import { createHash } from 'node:crypto';
import { fence, type Candidate, type ImagePart, type MessagePart, type Patch } from '@pentimento/contracts';
import { encodePng } from '../../libs/imaging/src/testing/png.ts';
import { sampleTrace } from '../../libs/traces/src/testing/traces.ts';
import type { Trace } from '../../libs/traces/src/trace.ts';

/** The pixels of an image: its size and the SHA-256 of its RGB bytes, row by row. */
export interface Pixels {
  size: [width: number, height: number];
  sha256: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Blobs by their SHA-256, and the pixels of those that are images. */
export class SampleBlobs {
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #pixels = new Map<string, Pixels>();

  readonly read = (id: string): Promise<Uint8Array | null> => Promise.resolve(this.#blobs.get(id) ?? null);

  putText(text: string): string {
    return this.#put(new TextEncoder().encode(text));
  }

  textOf(id: string): string {
    return new TextDecoder().decode(this.#blobs.get(id));
  }

  /** An RGB image, different for each seed. */
  putImage(width: number, height: number, seed: number): string {
    const sample = (x: number, y: number, channel: number) => (x * 7 + y * 13 + channel * 61 + seed * 37) % 256;
    const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return sample(pixel % width, Math.floor(pixel / width), at % 3);
    });
    const id = this.#put(encodePng({ width, height, colorType: 'rgb' }, sample));
    this.#pixels.set(id, { size: [width, height], sha256: sha256(rgb) });
    return id;
  }

  pixelsOf(id: string): Pixels {
    return this.#pixels.get(id)!;
  }

  #put(bytes: Uint8Array): string {
    const id = sha256(bytes);
    this.#blobs.set(id, bytes);
    return id;
  }
}

/** What differs between the traces: the language, the size of the target, and the body of the code. */
const tasks = [
  { language: 'svg', fenceName: 'svg', size: [64, 48], body: '<circle r="4"/>' },
  {
    language: 'html',
    fenceName: 'html',
    size: [200, 37],
    body: '<p title="{{ x }} {% raw %}">Größe 寸法 🙂👩‍🎨 e\u0301 \u202eabc\u202c \\u0041 </p>\r\n<pre>```</pre>',
  },
  { language: 'python', fenceName: 'python', size: [301, 449], body: 'x = 1  # line\n'.repeat(4000) },
] as const;
type Task = (typeof tasks)[number];

/** A draft of two, and a refinement of three of which the first is best and the last was cut off. */
const scores = [
  [0.8, 0.62],
  [0.96, 0.7, 0],
];

/** Finished jobs with real images of several sizes, several images a prompt, unusual characters and very long code. */
export const loaderTraces = (blobs: SampleBlobs): Trace[] =>
  tasks.map((task, index) => loaderTrace(task, index, blobs));

function loaderTrace(task: Task, number: number, blobs: SampleBlobs): Trace {
  const trace = structuredClone(sampleTrace(number + 1));
  const [width, height] = task.size;
  const target = blobs.putImage(width, height, number);
  trace.job = { ...trace.job, language: task.language, instructions: 'Keep “quotes” as they are.' };
  trace.job.target = { ...trace.job.target, image: target, width, height };
  const [draft, refinement] = trace.iterations;
  const whole = imagePart(target, width, height);
  draft!.candidates = candidatesOf(trace, 0, {
    task,
    blobs,
    prompt: promptOf([whole], `Write ${task.fenceName}.`, blobs),
  });
  const best = draft!.candidates[0]!;
  const render = best.render?.status === 'ok' ? best.render.image : target;
  const crops = [0, 1].map((index) => imagePart(blobs.putImage(56, 28 + index, number * 10 + index), 56, 28 + index));
  const current = fence(blobs.textOf(best.code!), task.fenceName);
  refinement!.candidates = candidatesOf(trace, 1, {
    task,
    blobs,
    prompt: promptOf(
      [whole, imagePart(render, width, height), ...crops],
      `The current code:\n\n${current}\n\nReply.`,
      blobs,
    ),
  });
  draft!.verdicts = ['accepted', 'not_best'];
  refinement!.verdicts = ['accepted', 'not_best', 'no_code'];
  refinement!.patches = [patchAt(3, 5)];
  return trace;
}

const patchAt = (x: number, y: number): Patch => ({
  rank: 1,
  box: { x, y, width: 16, height: 16 },
  score: 0.5,
  lostShare: 0.9,
  change: null,
});

const imagePart = (image: string, width: number, height: number): ImagePart => ({
  type: 'image',
  image,
  mediaType: 'image/png',
  width,
  height,
});

function promptOf(images: ImagePart[], closing: string, blobs: SampleBlobs): string {
  const shown = images.flatMap((image, index): MessagePart[] => [
    { type: 'text', text: `Image ${index + 1}, “${image.width}×${image.height}”:` },
    image,
  ]);
  const content: MessagePart[] = [{ type: 'text', text: 'Draw it.' }, ...shown, { type: 'text', text: closing }];
  return blobs.putText(JSON.stringify({ instructions: 'You write code.', messages: [{ role: 'user', content }] }));
}

interface GroupInput {
  task: Task;
  blobs: SampleBlobs;
  prompt: string;
}

function candidatesOf(trace: Trace, iteration: number, input: GroupInput): Candidate[] {
  const template = trace.iterations[iteration]!.candidates[0]!;
  return scores[iteration]!.map((overall, index) => candidateOf(template, index, overall, input));
}

function candidateOf(template: Candidate, index: number, overall: number, { task, blobs, prompt }: GroupInput) {
  const candidate = structuredClone(template);
  const [width, height] = task.size;
  const code = `${task.body}\n${candidate.iteration}/${index}`;
  const isCutOff = overall === 0;
  const reply = isCutOff ? 'Here is …' : `Here it is — ✓\n\n${fence(code, task.fenceName)}`;
  Object.assign(candidate, { id: `${candidate.id.slice(0, -1)}${index}`, index });
  candidate.reward.terms.overall = overall;
  candidate.call = {
    ...candidate.call!,
    prompt,
    reply: blobs.putText(reply),
    reasoning: null,
    capture: { level: 'text_only', reason: 'The server gives no tokens.' },
  };
  candidate.code = isCutOff ? null : blobs.putText(code);
  const image = blobs.putImage(width, height, 100 + candidate.iteration * 10 + index);
  candidate.render = isCutOff
    ? null
    : ({ ...candidate.render!, status: 'ok', image, width, height } as typeof candidate.render);
  if (isCutOff) Object.assign(candidate, { parseStatus: 'cut_off', parseDetail: 'The reply was cut off.' });
  return candidate;
}
