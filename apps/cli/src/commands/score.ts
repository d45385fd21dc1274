import type { Language, RenderResult, RewardRecord } from '@pentimento/contracts';
import { createReward, measureImage, RewardInputError } from '@pentimento/reward';
import { exitCodes, Fault, usageFault, type ExitCode } from '../fault.ts';
import { readCode, readImage } from '../files.ts';
import { watchInterrupts } from '../interrupts.ts';
import { languageOf } from '../languages.ts';
import { table, type Terminal } from '../terminal.ts';
import { figure } from '../trajectory-lines.ts';
import { renderCode } from './render.ts';

export interface ScoreOptions {
  target: string;
  render?: string;
  code?: string;
  language?: string;
  json?: boolean;
}

/** Scores a render, or what code draws, against a target. Needs no server. */
export async function score(options: ScoreOptions, terminal: Terminal): Promise<ExitCode> {
  if ((options.render === undefined) === (options.code === undefined)) {
    throw usageFault('Give either --render PNG or --code FILE: the score is of one of them.');
  }
  const language = options.code === undefined ? undefined : languageOf(options.language, options.code);
  const target = await readImage(options.target);
  using interrupts = watchInterrupts(terminal);
  const reward = createReward(encoderOf(terminal));
  try {
    const render = await imageOf(options, language, target, interrupts.first, terminal);
    // A file has no reply to read a language from: alignment counts as given.
    const record = await reward.score({ target, render, alignment: 1 }, interrupts.first);
    terminal.data(options.json ? JSON.stringify(record) : describe(record));
    return exitCodes.done;
  } catch (error) {
    throw inPlainWords(error, interrupts.first);
  } finally {
    await reward.close();
  }
}

export const encoderOf = ({ environment }: Terminal): { encoder?: string } =>
  environment.PENTIMENTO_ENCODER ? { encoder: environment.PENTIMENTO_ENCODER } : {};

/** The render's bytes, or null where the code draws nothing: that is a score too. */
async function imageOf(
  options: ScoreOptions,
  language: Language | undefined,
  target: Uint8Array,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<Uint8Array | null> {
  if (options.render !== undefined) return readImage(options.render);
  const size = await measureImage(target, 'target');
  const code = await readCode(options.code!);
  const result: RenderResult = await renderCode({ language: language!, code, size, trusted: false }, signal, terminal);
  if (result.status === 'ok') return result.image;
  if (result.kind === 'unavailable') throw new Fault(result.message);
  terminal.progress(`The code draws nothing (${result.kind}): ${result.message}`);
  return null;
}

function describe({ terms, tiles, version, encoder }: RewardRecord): string {
  const worst = tiles.toSorted((a, b) => a.score - b.score)[0];
  const where = worst
    ? ` (${worst.level} at x ${worst.box.x} y ${worst.box.y}, ${worst.box.width} x ${worst.box.height})`
    : '';
  return table([
    ['overall', figure(terms.overall)],
    ['visual', figure(terms.visual)],
    ['alignment', String(terms.alignment)],
    ['execution', String(terms.execution)],
    ['worst tile', figure(terms.worstTile) + where],
    ['reward', `${version}, encoder ${encoder.id}`],
  ]);
}

function inPlainWords(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return new Fault('Stopped before there was a score.', { exitCode: exitCodes.interrupted });
  if (error instanceof RewardInputError) return new Fault(error.message, { cause: error });
  return error as Error;
}
