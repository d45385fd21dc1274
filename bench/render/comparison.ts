import type { Language, RenderRequest } from '@pentimento/contracts';
import type { RenderService } from '@pentimento/render';

/** One thing to draw, both ways. */
export interface Fixture {
  name: string;
  code: string;
  size: RenderRequest['size'];
}

/** Milliseconds of one way over the other's, as many times as it was tried. */
export interface Compared {
  fixture: string;
  plainMs: number;
  ourMs: number;
  /** Median of the ratios of the rounds: plain / ours. */
  ratio: number;
}

/**
 * Renders every fixture both ways in turn, so that both see the same load on the machine, `sideBySide` at a time. The plain way starts
 * a new process for each render, without a sandbox; ours is warm and sandboxed, and caches nothing.
 *
 * @param plain rejects where the plain way renders nothing.
 * @throws Error where either way renders nothing.
 */
export async function compare(
  language: Language,
  fixtures: readonly Fixture[],
  plain: (fixture: Fixture) => Promise<void>,
  renderers: RenderService,
  { rounds = 8, sideBySide = 1 } = {},
): Promise<Compared[]> {
  const ours = async ({ code, size }: Fixture): Promise<void> => {
    const result = await renderers.render({ language, code, size, trusted: false }, new AbortController().signal);
    if (result.status !== 'ok') throw new Error(result.message);
  };
  const many = (way: (fixture: Fixture) => Promise<void>, fixture: Fixture): Promise<number> =>
    timed(() => Promise.all(Array.from({ length: sideBySide }, () => way(fixture))));
  const compared: Compared[] = [];
  for (const fixture of fixtures) {
    await many(ours, fixture);
    const times: [plain: number, ours: number][] = [];
    for (let round = 0; round < rounds; round++) times.push([await many(plain, fixture), await many(ours, fixture)]);
    compared.push({
      fixture: fixture.name,
      plainMs: median(times.map(([theirs]) => theirs)) / sideBySide,
      ourMs: median(times.map(([, own]) => own)) / sideBySide,
      ratio: median(times.map(([theirs, own]) => theirs / own)),
    });
  }
  return compared;
}

/** Prints a row per fixture, and sends bench/render.ts the median of the ratios. */
export function report(language: Language, compared: readonly Compared[]): void {
  for (const { fixture, plainMs, ourMs, ratio } of compared) {
    console.log(`  ${fixture.padEnd(20)} plain ${ms(plainMs)}, ours ${ms(ourMs)}, ${ratio.toFixed(1)}x`);
  }
  sendRatio(language, median(compared.map((row) => row.ratio)));
}

/** What a comparison has come to: plain / ours. Goes to bench/render.ts where that runs this process. */
export interface RatioMessage {
  language: Language;
  ratio: number;
}

export function sendRatio(language: Language, ratio: number): void {
  process.send?.({ language, ratio } satisfies RatioMessage);
}

const ms = (value: number): string => `${value.toFixed(0).padStart(5)} ms`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
