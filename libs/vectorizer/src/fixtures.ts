import type { LanguageModelV4CallOptions, LanguageModelV4FilePart } from '@ai-sdk/provider';
import {
  blocksOfLanguage,
  editMarkers,
  fence,
  writeTask,
  type Box,
  type Edit,
  type Language,
  type Size,
  type Task,
} from '@pentimento/contracts';
import sharp from 'sharp';
import type { FencedLanguage } from './fenced-language.ts';
import { applied } from './edits.ts';
import { createVectorizer } from './index.ts';

export const size: Size = { width: 120, height: 90 };
/** Languages that the built-in model writes, and one that it does not. */
export const languages: readonly FencedLanguage[] = [
  { id: 'html', fenceNames: ['html', 'htm'] },
  { id: 'latex', fenceNames: ['latex', 'tex', 'tikz'] },
  { id: 'python', fenceNames: ['python', 'py'] },
  { id: 'smiles', fenceNames: ['smiles'] },
  { id: 'svg', fenceNames: ['svg', 'xml'] },
];

export const whole: Box = { x: 0, y: 0, ...size };

/** A small chart: bars, an axis, thin lines and two near colors. */
export const chart: Promise<Buffer> = renderSvg(
  `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"><rect width="120" height="90" fill="#f6f4ee"/>
<rect x="15" y="40" width="18" height="40" fill="#3355aa"/><rect x="40" y="20" width="18" height="60" fill="#3f62b8"/>
<rect x="65" y="55" width="18" height="25" fill="#cc3322"/><path d="M10 5V80H112" fill="none" stroke="#111"/>
<circle cx="100" cy="22" r="11" fill="#2a9d6f"/><path d="M12 72L110 8" stroke="#888" stroke-width=".7"/></svg>`,
);

/** PNG of the code, as a renderer draws it. */
export function renderSvg(svg: string): Promise<Buffer> {
  return sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).png().toBuffer();
}

export function cropped(png: Uint8Array, { x, y, width, height }: Box): Promise<Buffer> {
  return sharp(png).extract({ left: x, top: y, width, height }).png().toBuffer();
}

export function image(bytes: Uint8Array | string): LanguageModelV4FilePart {
  return { type: 'file', mediaType: 'image/png', data: { type: 'data', data: bytes } };
}

export function text(value: string) {
  return { type: 'text' as const, text: value };
}

export function taskOf(changes: Partial<Task> = {}): Task {
  return {
    task: 'draft',
    language: 'svg',
    answer: 'code',
    size,
    images: [{ image: 1, role: 'target', ...size, box: whole }],
    score: null,
    patches: [],
    keep: [],
    ...changes,
  };
}

/** A refine task with a patch a box; images: 1 the target, then a crop a patch. */
export function refineTask(boxes: readonly Box[], language: Language = 'svg'): Task {
  return taskOf({
    task: 'refine',
    language,
    answer: 'edits',
    score: 0.8,
    images: [
      { image: 1, role: 'target', ...size, box: whole },
      ...boxes.map((box, index) => ({
        image: index + 2,
        role: 'patch-target' as const,
        width: box.width,
        height: box.height,
        box,
      })),
    ],
    patches: boxes.map((box, index) => ({
      patch: index + 1,
      box,
      score: 0.7,
      change: null,
      lostShare: 0.2,
      target: index + 2,
      render: 1,
    })),
  });
}

type Parts = Parameters<typeof prompted>[0];

export function prompted(
  content: (ReturnType<typeof text> | LanguageModelV4FilePart)[],
  options: Partial<LanguageModelV4CallOptions> = {},
): LanguageModelV4CallOptions {
  return { prompt: [{ role: 'user', content }], ...options };
}

export async function replyTo(content: Parts, options: Partial<LanguageModelV4CallOptions> = {}): Promise<string> {
  const result = await createVectorizer(languages).doGenerate(prompted(content, options));
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export async function draftOf(language: Language = 'svg', options: Partial<LanguageModelV4CallOptions> = {}) {
  const reply = await replyTo([text(writeTask(taskOf({ language }))), image(await chart)], options);
  return codeIn(reply, language);
}

export function codeIn(reply: string, language: Language = 'svg'): string {
  const blocks = blocksOfLanguage(reply, [language]);
  if (blocks.length !== 1) throw new Error(`${blocks.length} blocks in: ${reply.slice(0, 200)}`);
  return blocks[0]!;
}

export async function refineReply(
  code: string,
  boxes: readonly Box[],
  options: Partial<LanguageModelV4CallOptions> & { language?: Language } = {},
): Promise<string> {
  const { language = 'svg', ...call } = options;
  const crops = await Promise.all(boxes.map(async (box) => image(await cropped(await chart, box))));
  const content = [text(writeTask(refineTask(boxes, language))), image(await chart), ...crops];
  return replyTo([...content, text(`The current code:\n\n${fence(code, language)}`)], call);
}

/** The code after one refinement of the boxes. */
export async function refined(
  code: string,
  boxes: readonly Box[],
  options: Partial<LanguageModelV4CallOptions> & { language?: Language } = {},
): Promise<string> {
  const reply = await refineReply(code, boxes, options);
  const next = applied(code, editsIn(codeIn(reply, options.language)));
  if (next === undefined) throw new Error('The edits do not apply.');
  return next;
}

/** The search/replace blocks of an answer. */
export function editsIn(block: string): Edit[] {
  const { search, divider, replace } = editMarkers;
  return block
    .split(`${search}\n`)
    .slice(1)
    .map((part) => {
      const [before = '', after = ''] = part.split(`\n${divider}\n`);
      return { search: before, replace: after.slice(0, after.indexOf(`\n${replace}`)) };
    });
}

/** Mean absolute difference a channel, 0..255, inside and outside of a box. */
export async function differences(
  code: string,
  box: Box,
  png?: Uint8Array,
): Promise<{ inside: number; outside: number }> {
  const [first, second] = await Promise.all([pixels(await renderSvg(code)), pixels(png ?? (await chart))]);
  const sums = { inside: [0, 0], outside: [0, 0] };
  for (let at = 0; at < first.length; at++) {
    const [x, y] = [Math.floor(at / 3) % size.width, Math.floor(at / 3 / size.width)];
    const within = x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
    const sum = sums[within ? 'inside' : 'outside'];
    sum[0]! += Math.abs(first[at]! - second[at]!);
    sum[1]!++;
  }
  return { inside: sums.inside[0]! / sums.inside[1]!, outside: sums.outside[0]! / Math.max(1, sums.outside[1]!) };
}

function pixels(png: Uint8Array): Promise<Buffer> {
  return sharp(png).flatten({ background: '#ffffff' }).removeAlpha().raw().toBuffer();
}
