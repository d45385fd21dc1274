import { blocksOfLanguage, fence, writeTask, type Task } from '@pentimento/contracts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createVectorizer } from './index.ts';
import {
  chart,
  codeIn,
  differences,
  draftOf,
  image,
  languages,
  prompted,
  refineReply,
  replyTo,
  size,
  taskOf,
  text,
  whole,
} from './fixtures.ts';

const draft = text(writeTask(taskOf()));

describe('a draft', () => {
  it('is a sentence and one fenced block of the language, of the size of the target', async () => {
    const reply = await replyTo([draft, image(await chart)]);
    expect(reply).toMatch(/^[A-Z][^\n]+\n\n```svg\n/);
    expect(codeIn(reply)).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="120" height="90"/);
  });

  it('shows the target, and leaves room to refine', async () => {
    const { inside } = await differences(await draftOf(), whole);
    const blank = await differences('<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"/>', whole);
    expect(inside).toBeLessThan(blank.inside * 0.75);
    expect(inside).toBeGreaterThan(3);
  });

  it('takes image bytes as base64 text too', async () => {
    const reply = await replyTo([draft, image((await chart).toString('base64'))]);
    expect(codeIn(reply)).toBe(await draftOf());
  });

  it('is what a repair gets: the code that failed is replaced, not fixed', async () => {
    const repair = text(`${writeTask(taskOf({ task: 'repair' }))}\n\n${fence('<svg><broken', 'svg')}`);
    expect(codeIn(await replyTo([repair, image(await chart)]))).toBe(await draftOf());
  });

  it('is what a refinement without current code gets', async () => {
    const refine = text(writeTask(taskOf({ task: 'refine', answer: 'edits' })));
    expect(codeIn(await replyTo([refine, image(await chart)]))).toBe(await draftOf());
  });
});

describe('a rewrite', () => {
  it('traces the whole target finer than the code has it', async () => {
    const rewrite = async (code: string) => {
      const task = writeTask(taskOf({ task: 'rewrite' }));
      return codeIn(await replyTo([text(`${task}\n\n${fence(code, 'svg')}`), image(await chart)]));
    };
    const first = await draftOf();
    const second = await rewrite(first);
    const third = await rewrite(second);
    const errors = await Promise.all([first, second, third].map((code) => differences(code, whole)));
    expect(errors[1]!.inside).toBeLessThan(errors[0]!.inside);
    expect(errors[2]!.inside).toBeLessThan(errors[1]!.inside);
  });
});

describe('the language model interface', () => {
  it('names itself and needs no network', () => {
    const { specificationVersion, provider, modelId, supportedUrls } = createVectorizer(languages);
    expect({ specificationVersion, provider, modelId, supportedUrls }).toEqual({
      specificationVersion: 'v4',
      provider: 'builtin',
      modelId: 'vectorizer',
      supportedUrls: {},
    });
  });

  it('counts tokens by characters and pixels, and stops by itself', async () => {
    const { content, usage, finishReason } = await createVectorizer(languages).doGenerate(
      prompted([draft, image(await chart)]),
    );
    const reply = content[0]?.type === 'text' ? content[0].text : '';
    expect(usage.inputTokens.total).toBe(Math.ceil(draft.text.length / 4) + Math.ceil((120 * 90) / 784));
    expect(usage.outputTokens.total).toBe(Math.ceil(reply.length / 4));
    expect(finishReason.unified).toBe('stop');
  });

  it('streams the same reply', async () => {
    const options = prompted([draft, image(await chart)]);
    const { stream } = await createVectorizer(languages).doStream(options);
    const parts = [];
    for await (const part of stream) parts.push(part);
    const streamed = parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
    expect(streamed).toBe(await replyTo([draft, image(await chart)]));
    expect(parts[0]?.type).toBe('stream-start');
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' } });
  });

  it('gives the same reply to the same messages and seed, and another one to another seed', async () => {
    expect(await draftOf('svg', { seed: 7 })).toBe(await draftOf('svg', { seed: 7 }));
    const drafts = await Promise.all([undefined, 0, 1, 2, 3].map((seed) => draftOf('svg', { seed })));
    expect(new Set(drafts).size).toBe(5);
    const code = await draftOf();
    const box = { x: 30, y: 10, width: 60, height: 60 };
    const refinements = await Promise.all([1, 1, 2].map((seed) => refineReply(code, [box], { seed })));
    expect(refinements[0]).toBe(refinements[1]);
    expect(refinements[0]).not.toBe(refinements[2]);
  });

  it('rejects with the reason of its signal', async () => {
    const reason = new Error('canceled');
    const options = prompted([draft, image(await chart)], { abortSignal: AbortSignal.abort(reason) });
    await expect(createVectorizer(languages).doGenerate(options)).rejects.toBe(reason);
    await expect(createVectorizer(languages).doStream(options)).rejects.toBe(reason);
  });

  it('stops on its way when the signal aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    const running = createVectorizer(languages).doGenerate(
      prompted([draft, image(await chart)], { abortSignal: controller.signal }),
    );
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});

describe('a prompt that gives nothing to trace', () => {
  const corrupt = Buffer.from('not an image');
  const cases: [string, () => Promise<Parameters<typeof replyTo>[0]>, RegExp][] = [
    ['has no task block', async () => [text('Draw this, please.'), image(await chart)], /no task block/],
    ['has a malformed task', async () => [text('```task\n{"task":"draft"\n```'), image(await chart)], /no task block/],
    ['has no image', async () => [draft], /target image is missing/],
    ['has a corrupt image', async () => [draft, image(corrupt)], /target image is missing or cannot be read/],
    ['has a truncated image', async () => [draft, image((await chart).subarray(0, 200))], /cannot be read/],
    [
      'asks for SMILES',
      async () => [text(writeTask(taskOf({ language: 'smiles' }))), image(await chart)],
      /cannot write smiles/,
    ],
  ];
  it.each(cases)('gets a sentence without code when it %s', async (_, content, sentence) => {
    const reply = await replyTo(await content());
    expect(reply).toMatch(sentence);
    expect(reply).not.toContain('```');
  });

  it('gets a sentence when an image is only a link', async () => {
    const link = {
      type: 'file' as const,
      mediaType: 'image/png',
      data: { type: 'url' as const, url: new URL('https://example.org/a.png') },
    };
    expect(await replyTo([draft, link])).toMatch(/target image is missing/);
  });
});

describe('odd targets', () => {
  const flat = (width: number, height: number, alpha = 1) =>
    sharp({ create: { width, height, channels: 4, background: { r: 20, g: 120, b: 200, alpha } } })
      .png()
      .toBuffer();
  const of = (width: number, height: number): Task =>
    taskOf({
      size: { width, height },
      images: [{ image: 1, role: 'target', width, height, box: { x: 0, y: 0, width, height } }],
    });

  it.each([
    ['one color', 200, 100],
    ['4 x 4 pixels', 4, 4],
    ['one pixel', 1, 1],
    ['a long strip', 16_384, 100],
  ])('draws %s in its color', async (_, width, height) => {
    const code = codeIn(await replyTo([text(writeTask(of(width, height))), image(await flat(width, height))]));
    expect(code).toContain('fill="#1478c8"');
    expect(code).toContain(`width="${width}" height="${height}"`);
  });

  it('lays a transparent target on white', async () => {
    const code = codeIn(await replyTo([text(writeTask(of(50, 40))), image(await flat(50, 40, 0))]));
    expect(code).toContain('fill="#fff"');
  });

  it('keeps noise within the limit of the reply', async () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) & 255;
    const pixels = Buffer.from(Array.from({ length: 200 * 200 * 3 }, random));
    const noise = await sharp(pixels, { raw: { width: 200, height: 200, channels: 3 } })
      .png()
      .toBuffer();
    const task = { ...of(200, 200), task: 'rewrite' as const };
    const code = await draftOf();
    const finest = code.replace('data-patch="0,0,120,90" data-detail="0"', 'data-patch="0,0,200,200" data-detail="4"');
    const content = [text(`${writeTask(task)}\n\n${fence(finest, 'svg')}`), image(noise)];
    const { content: reply, usage } = await createVectorizer(languages).doGenerate(
      prompted(content, { maxOutputTokens: 4000 }),
    );
    expect(usage.outputTokens.total).toBeLessThanOrEqual(4000);
    expect(blocksOfLanguage(reply[0]?.type === 'text' ? reply[0].text : '', ['svg'])).toHaveLength(1);
  });

  it('believes the pixels, not the size that a task claims', async () => {
    const task = taskOf({ size: { width: 1e9, height: 1 } });
    expect(codeIn(await replyTo([text(writeTask(task)), image(await flat(50, 40))]))).toContain('fill="#1478c8"');
  });
});

it('reads the last task and the images of all user messages', async () => {
  const prompt = [
    { role: 'system' as const, content: 'You write code.' },
    {
      role: 'user' as const,
      content: [text(writeTask(taskOf({ language: 'smiles' }))), image(Buffer.from('no image'))],
    },
    { role: 'assistant' as const, content: [text('I cannot.')] },
    {
      role: 'user' as const,
      content: [
        text(writeTask(taskOf({ images: [{ image: 2, role: 'target', ...size, box: whole }] }))),
        image(await chart),
      ],
    },
  ];
  const { content } = await createVectorizer(languages).doGenerate({ prompt });
  expect(codeIn(content[0]?.type === 'text' ? content[0].text : '')).toBe(await draftOf());
});
