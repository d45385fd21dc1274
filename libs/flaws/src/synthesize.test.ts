import { describe, expect, it } from 'vitest';
import { flawPairSchema, flawSkipSchema, type FlawPair, type FlawSkip } from '@pentimento/contracts';
import { blank, paint } from '@pentimento/imaging/testing';
import { flawCandidates } from './candidates.ts';
import { synthesizeFlaws, type FlawRequest, type FlawSource } from './synthesize.ts';
import { toy, toyPorts } from './testing/toy.ts';

const size = { width: 60, height: 20 };
const source: FlawSource = { name: 'toy.txt', language: 'toy', code: 'rrr', size };
const signal = new AbortController().signal;

async function run(changes: Partial<FlawSource> = {}, request: Partial<FlawRequest> = {}, made = toyPorts()) {
  const pairs: FlawPair[] = [];
  const skips: FlawSkip[] = [];
  for await (const result of synthesizeFlaws(
    { ...source, ...changes },
    { count: 100, seed: 1, ...request },
    made.ports,
    signal,
  )) {
    if ('pair' in result) pairs.push(flawPairSchema.parse(result.pair));
    else skips.push(flawSkipSchema.parse(result.skip));
  }
  return { pairs, skips, ...made };
}

describe('synthesizeFlaws', () => {
  it('makes a pair or a skip of every twin that it tries', async () => {
    const { pairs, skips } = await run();
    const tried = [...flawCandidates(toy, source.code, { seed: 1 })].map(({ flaw }) => flaw);
    expect(pairs.length).toBeGreaterThan(0);
    expect(skips.length).toBeGreaterThan(0);
    const results = [...pairs, ...skips.map(({ flaw }) => flaw!)].map(
      ({ description, edit }) => `${description} ${edit.replace}`,
    );
    expect(results.sort()).toEqual(tried.map(({ description, edit }) => `${description} ${edit.replace}`).sort());
  });

  it('gives the box and the share of the pixels that the flaw changed', async () => {
    const { pairs } = await run({ code: 'ggr' }, { kinds: ['wrong-color'] });
    const last = pairs.find(({ flawedCode }) => flawedCode === 'ggb')!;
    expect(last.box).toEqual({ x: 20, y: 5, width: 10, height: 10 });
    expect(last.changedShare).toBe(100 / 1200);
    expect(last.flawed).toMatchObject({ status: 'ok', ...size, renderer: 'toy 1' });
  });

  it('has no box where the flawed code does not render, but its score and its failure', async () => {
    const { pairs, scored } = await run({}, { kinds: ['broken-syntax'] });
    expect(pairs).toHaveLength(3);
    for (const { box, changedShare, flawed, score } of pairs) {
      expect({ box, changedShare }).toEqual({ box: null, changedShare: null });
      expect(flawed).toEqual({ status: 'failed', kind: 'syntax', message: 'No !.', renderer: 'toy 1' });
      expect(score.terms.visual).toBe(0);
    }
    expect(scored.every(({ render, text }) => render === null && text.target === 'rrr' && text.render === null)).toBe(
      true,
    );
  });

  it('stores the images of pairs, and names them by their SHA-256', async () => {
    const { pairs, images } = await run({}, { kinds: ['wrong-color'] });
    const named = pairs.flatMap(({ target, flawed }) => [
      target.image,
      ...(flawed.status === 'ok' ? [flawed.image] : []),
    ]);
    expect(new Set(named)).toEqual(new Set(images.keys()));
  });

  it('renders the twins as the correct code is rendered, and never as trusted code', async () => {
    const { requests } = await run({ deviceScale: 2 }, { count: 2 });
    for (const { code, ...rest } of requests) {
      expect(rest).toEqual({ language: 'toy', size, deviceScale: 2, trusted: false, reference: 'rrr' });
      expect(code).toHaveLength(3);
    }
  });

  it('gives the same pairs each time, with nothing in them of the time they took', async () => {
    const [first, second] = [await run(), await run()];
    expect(JSON.stringify(first.pairs)).toBe(JSON.stringify(second.pairs));
    expect(JSON.stringify(first.skips)).toBe(JSON.stringify(second.skips));
    expect(JSON.stringify((await run({}, { seed: 2 })).pairs)).not.toBe(JSON.stringify(first.pairs));
  });

  it('stops once there are as many pairs as wanted', async () => {
    const { pairs, requests, skips } = await run({}, { count: 4 });
    expect(pairs).toHaveLength(4);
    expect(requests).toHaveLength(1 + 4 + skips.length);
  });

  it.each([
    ['fails_to_render', 'wrong-color', '!'],
    ['stopped', 'wrong-color', 't'],
    ['stopped', 'wrong-call', 'u'],
    ['renders_though_broken', 'broken-syntax', 'g'],
  ] as const)('skips a twin with the reason %s', async (reason, kind, letter) => {
    const { skips } = await run({}, { kinds: [kind] });
    const skip = skips.find(({ flaw }) => flaw!.edit.replace.includes(letter))!;
    expect(skip).toMatchObject({ source: 'toy.txt', language: 'toy', reason, flaw: { kind } });
    expect(skip.detail).toMatch(/\.$/);
  });

  it('skips a twin that looks like its target', async () => {
    const { skips } = await run({ code: 'xrx' }, { kinds: ['wrong-label'] });
    expect(skips).toMatchObject([
      { reason: 'no_visible_change', detail: 'Fewer than 25 pixels differ by more than 16 levels.' },
      { reason: 'no_visible_change' },
    ]);
  });

  it('lets broken syntax render, visibly wrong, where the renderer recovers', async () => {
    const made = toyPorts();
    made.ports.languages = [{ ...toy, recovers: true }];
    const { pairs, skips } = await run({ code: 'gr' }, { kinds: ['broken-syntax'] }, made);
    expect(pairs.map(({ flawedCode }) => flawedCode).sort()).toEqual(['!r', 'g!', 'gg']);
    expect(skips).toEqual([]);
  });
});

describe('a source that gives no twins', () => {
  it('is skipped where its code does not render', async () => {
    const { pairs, skips } = await run({ code: 'r!' });
    expect(pairs).toEqual([]);
    expect(skips).toEqual([
      {
        source: 'toy.txt',
        language: 'toy',
        reason: 'source_fails',
        detail: 'The code renders nothing (syntax): No !.',
        flaw: null,
      },
    ]);
  });

  it('is skipped where nothing is known of its language', async () => {
    const { skips } = await run({ language: 'cobol' });
    expect(skips).toMatchObject([{ reason: 'no_flaws_known', flaw: null }]);
  });

  it('is skipped where it does not show the given target, and only there', async () => {
    const shown = await paint(await blank(size, 'white'), { x: 0, y: 5, width: 30, height: 10 }, 'red');
    const other = await paint(shown, { x: 40, y: 5, width: 10, height: 10 }, 'blue');
    expect((await run({ target: shown }, { count: 1 })).pairs).toHaveLength(1);
    const { pairs, skips } = await run({ target: other });
    expect(pairs).toEqual([]);
    expect(skips).toMatchObject([
      { reason: 'source_differs', detail: 'The render differs from the target in the 10 x 10 pixels at x 40, y 5.' },
    ]);
  });

  it('ends quietly where the kinds do not apply', async () => {
    expect(await run({}, { kinds: ['resized-part'] })).toMatchObject({ pairs: [], skips: [] });
  });
});

it('rejects with the reason of the signal', async () => {
  const abort = new AbortController();
  const { ports } = toyPorts();
  const results = synthesizeFlaws(source, { count: 100, seed: 1 }, ports, abort.signal);
  await results.next();
  abort.abort(new Error('Enough.'));
  await expect(results.next()).rejects.toThrow('Enough.');
});

it('passes on the error of a port', async () => {
  const { ports } = toyPorts();
  ports.reward.score = () => Promise.reject(new Error('No encoder.'));
  await expect(synthesizeFlaws(source, { count: 1, seed: 1 }, ports, signal).next()).rejects.toThrow('No encoder.');
});
