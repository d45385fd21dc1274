import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { repeated } from './hostile-texts.ts';

/** A request that is as much work as one may be. */
export interface HostileRequest {
  path: string;
  type: string;
  body: () => Uint8Array | string;
  /** Of the answer. */
  status: number;
}

const mebi = 2 ** 20;
const kibi = 1024;

/** `png` is a small image; the requests hold variants of it. */
export function hostileRequests(png: Uint8Array): Record<string, HostileRequest> {
  const data = Buffer.from(png).toString('base64');
  const noise = () => randomBytes(20 * mebi).toString('base64');
  const post = (path: string, body: () => unknown, status = 400): HostileRequest => {
    const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
    return { path, type: 'application/json', body: () => textOf(body()), status };
  };
  const score = (items: () => unknown, status = 200) => post('/v1/rewards/score', () => ({ items: items() }), status);
  const item = (rest: object, id = 'a') => ({ id, language: 'svg', reference: { data }, ...rest });
  const slime = (label: () => string) =>
    post('/v1/compat/slime', () => ({ prompt: '', response: 'x', label: label() }));
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } };
  const chat = (messages: () => unknown, status = 400) =>
    post('/v1/chat/completions', () => ({ model: 'builtin/vectorizer', messages: messages() }), status);
  const ask = (...content: unknown[]) => [{ role: 'user', content }];
  const put = (chunk: string): HostileRequest => ({
    path: '/v1/blobs',
    type: 'image/png',
    body: () => withChunks(png, chunk, 19 * mebi),
    status: 201,
  });
  return {
    'items with two images of 20 MiB': score(() => ['a', 'b'].map((id) => item({ reference: { data: noise() } }, id))),
    'an item of nested arrays': score(() => [JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown]),
    'an item of unknown fields with long names': score(
      () => [Object.fromEntries(Array.from({ length: 15_000 }, (_, index) => [`${'k'.repeat(4000)}${index}`, 1]))],
      400,
    ),
    'an item of as many unknown fields as are read': score(() => [
      Object.fromEntries(Array.from({ length: 19_000 }, (_, index) => [`${'k'.repeat(15)}${index}`, 1])),
    ]),
    'a field that is named as the prototype': post(
      '/v1/rewards/score',
      () => `{"__proto__":{"items":[]},"items":[{"__proto__":{"id":"a"},"constructor":1}]}`,
      200,
    ),
    'many items with long replies': score(() =>
      Array.from({ length: 200 }, (_, index) =>
        item({ response: `\`\`\`svg\n${'<'.repeat(250 * kibi)}\n\`\`\`` }, `${index}`),
      ),
    ),
    'an item whose reply is two bytes a letter': score(() => [item({ response: '語'.repeat(15 * mebi) })]),
    'brackets only': post('/v1/rewards/score', () => repeated('[', 60 * mebi)),
    'spaces only': post('/v1/rewards/score', () => repeated(' ', 60 * mebi)),
    'backslashes only': post('/v1/rewards/score', () => `"${repeated('\\\\', 60 * mebi)}`),
    'as many numbers as are read': score(() => Array(499_000).fill(1), 400),
    'more fields than are read': score(
      () => [Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [index, 1]))],
      400,
    ),
    'a ground truth of brackets': slime(() => repeated('[', 40 * mebi)),
    'a ground truth of empty arrays': slime(() => repeated('[],', 25 * mebi, '[', '1]')),
    'a ground truth of fields': slime(() => repeated('"a":1,', 25 * mebi, '{', '"b":1}')),
    'a ground truth with an image of 20 MiB': slime(() => JSON.stringify({ data: noise(), language: 'svg' })),
    'a prompt that ends as it repeats': post('/v1/compat/openrlhf', () => ({
      query: [repeated('a', 4 * mebi - 1, 'b')],
      prompts: [repeated('a', 4 * mebi)],
      labels: ['{}'],
    })),
    'messages of markers': post('/v1/compat/llamafactory', () => ({
      model: 'x',
      messages: [repeated('<pentimento>', 50 * mebi)],
    })),
    'a conversation of 28 MiB of words': chat(() => ask(image, { type: 'text', text: repeated('a b ', 28 * mebi) })),
    'a conversation of many messages': chat(() => [
      ...ask(image),
      ...Array(6000).fill({ role: 'user', content: 'svg' }),
    ]),
    'a reply of 28 MiB of fences': chat(() => [
      ...ask(image),
      { role: 'assistant', content: repeated('```\n', 20 * mebi) },
      { role: 'user', content: 'in SVG' },
    ]),
    'a data URL without an end': chat(() =>
      ask({ type: 'image_url', image_url: { url: repeated(';', 28 * mebi, 'data:') } }, { type: 'text', text: 'svg' }),
    ),
    'an image of 20 MiB that is none': chat(
      () =>
        ask(
          { type: 'image_url', image_url: { url: `data:image/png;base64,${noise()}` } },
          { type: 'text', text: 'svg' },
        ),
      415,
    ),
    'a PNG of empty chunks': put(''),
    'a PNG of small texts': put('a\0b'),
  };
}

/** The PNG with so many bytes of chunks of an unknown, private kind behind its header (PNG, third edition, section 5). */
function withChunks(png: Uint8Array, content: string, bytes: number): Uint8Array {
  const headerEnd = 33;
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length);
  chunk.write(`prVt${content}`, 4, 'latin1');
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
  const chunks = Buffer.alloc(Math.floor(bytes / chunk.length) * chunk.length, chunk);
  return Buffer.concat([png.subarray(0, headerEnd), chunks, png.subarray(headerEnd)]);
}
