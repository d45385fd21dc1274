/**
 * A model that knows the true code and errs at stated rates. It is a simulation: it shows what a policy does with a model of these
 * rates, and not how good any real model is.
 */
import type { Ports } from '../../libs/agent/src/index.ts';
import { fence, fencedBlocks, readTask, type Box, type Prompt, type Task } from '../../libs/contracts/src/index.ts';
import { editableValues } from '../refinements.ts';
import type { Random } from '../ranking/random.ts';

/** Chances in 0..1. */
export interface Rates {
  /** A value is wrong in a draft. */
  draft: number;
  /** A wrong value is corrected where a patch of the prompt touches what it changes. */
  inPatch: number;
  /** The same elsewhere, in a prompt with patches. */
  elsewhere: number;
  /** A wrong value is corrected where the prompt has the target and the code alone. */
  unguided: number;
  /** A wrong value is taken from another candidate's code that has it right, where the prompt shows that candidate to be better there. */
  taken: number;
  /** A right value becomes wrong in a reply that edits. */
  byEdit: number;
  /** The same in a reply that writes all of the code. */
  byRewrite: number;
}

export const rates: Rates = {
  ...{ draft: 0.5, inPatch: 0.6, elsewhere: 0.1, unguided: 0.25 },
  ...{ taken: 0.8, byEdit: 0.01, byRewrite: 0.05 },
};

/** A value of the code that shows in the image: how it is written wrongly, and the pixels of the target that it changes. */
export interface Value {
  /** Its index among `editableValues` of the code. */
  index: number;
  wrong: string;
  box: Box;
}

export interface KnownCode {
  language: string;
  fenceName: string;
  code: string;
  values: readonly Value[];
}

/** The code with the values of these indices written wrongly. */
function codeWith({ code, values }: KnownCode, wrong: ReadonlySet<number>): string {
  let index = -1;
  return code.replaceAll(editableValues, (text) => {
    index++;
    return wrong.has(index) ? values.find((value) => value.index === index)!.wrong : text;
  });
}

/** The indices of the values that differ from the true code. */
export function wrongIn({ code, values }: KnownCode, other: string): Set<number> {
  const [right, found] = [code, other].map((text) => [...text.matchAll(editableValues)].map(([value]) => value));
  return new Set(values.map(({ index }) => index).filter((index) => right![index] !== found![index]));
}

export function simulatedModel(known: KnownCode, random: Random): Ports['model'] {
  return {
    limits: () => ({ images: Infinity, contextTokens: Infinity }),
    generate: ({ prompt }) =>
      Promise.resolve({
        ok: true,
        reply: {
          text: fence(replyTo(prompt, known, random), known.fenceName),
          ...{ reasoning: '', finishReason: 'stop', attempts: 1, ms: 0 },
          capture: { level: 'text_only', reason: 'It is simulated.' },
          usage: { inputTokens: null, outputTokens: null, cost: null },
          served: { model: null, id: null, fingerprint: null, weightVersion: null },
        },
      }),
  };
}

function replyTo(prompt: Prompt, known: KnownCode, random: Random): string {
  const text = prompt.messages[0]!.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const codes = fencedBlocks(text).filter(({ info, body }) => info === known.fenceName && isCode(body, known));
  // Codes of other candidates come before the current one.
  const [others, current] = [codes.slice(0, -1), codes.at(-1)];
  const task = readTask(text);
  if (!current) {
    const drafted = known.values.filter(() => random.next() < rates.draft);
    return codeWith(known, new Set(drafted.map(({ index }) => index)));
  }
  const better = boxesOfOthers(task);
  const offered = (value: Value): boolean =>
    better.some((box) => touch(box, value.box)) && others.some(({ body }) => !wrongIn(known, body).has(value.index));
  return codeWith(known, corrected(wrongIn(known, current.body), known, { task, random, offered }));
}

/** Where the prompt shows that another candidate is better: all of its images but the whole one. */
const boxesOfOthers = (task: Task | undefined): Box[] =>
  (task?.images ?? [])
    .filter(({ role, box }) => role === 'alternative' && box.width * box.height < task!.size.width * task!.size.height)
    .map(({ box }) => box);

/** The example of an edit in the prompt is a block of the language too. */
const isCode = (body: string, { code }: KnownCode): boolean =>
  [...body.matchAll(editableValues)].length === [...code.matchAll(editableValues)].length;

function corrected(
  wrong: ReadonlySet<number>,
  { values }: KnownCode,
  { task, random, offered }: { task: Task | undefined; random: Random; offered(value: Value): boolean },
): Set<number> {
  const spoils = task?.task === 'refine' ? rates.byEdit : rates.byRewrite;
  const stays = (value: Value): boolean =>
    random.next() >= Math.max(chanceOf(value, task), offered(value) ? rates.taken : 0);
  return new Set(
    values.flatMap((value) => {
      const isWrong = wrong.has(value.index) ? stays(value) : random.next() < spoils;
      return isWrong ? [value.index] : [];
    }),
  );
}

function chanceOf({ box }: Value, task: Task | undefined): number {
  if (!task) return rates.unguided;
  return task.patches.some((patch) => touch(patch.box, box)) ? rates.inPatch : rates.elsewhere;
}

const touch = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
