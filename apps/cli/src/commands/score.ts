import {
  alignmentRules,
  maxRewardItems,
  rewardItemStatuses,
  type RewardItem,
  type RewardResult,
} from '@pentimento/api-contracts';
import { alphaModes, uploadLimits, type Language, type RewardRecord } from '@pentimento/contracts';
import { EncoderError } from '@pentimento/encoder';
import { languages } from '@pentimento/render/languages';
import { createRewardService, termInfos, type RewardService } from '@pentimento/reward';
import { exitCodes, CliError, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { parseJson, readCode, readImage, readText } from '../input/files.ts';
import { watchInterrupts } from '../terminal/interrupts.ts';
import { languageOf, readLanguage } from '../input/languages.ts';
import { table, type Terminal } from '../terminal/terminal.ts';
import { openRenderers, openReward } from '../local/engines.ts';
import { formatScore } from '../output/progress-formatter.ts';
import { bitmapLine, moleculeLine, readDeviceScale } from './render.ts';

export interface ScoreOptions {
  target?: string;
  render?: string;
  code?: string;
  response?: string;
  base?: string;
  language?: string;
  referenceText?: string;
  referenceCode?: string;
  deviceScale?: number;
  alpha?: string;
  alignment?: string;
  batch?: string;
  json?: boolean;
}

/** Scores renders, code or replies against targets, as the reward service does. Needs no server. */
export async function score(options: ScoreOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.batch !== undefined) return scoreBatch(options.batch, options, terminal);
  const item = await readItem(options, terminal);
  const { results } = await withService(terminal, (service, signal) =>
    service.score({ deadlineMs: noDeadlineMs, records: true, items: [item] }, signal),
  );
  return report(results[0]!, options, terminal);
}

/** The maximum of a timer: a command runs until it is done or interrupted. */
const noDeadlineMs = 2 ** 31 - 1;

async function readItem(options: ScoreOptions, terminal: Terminal): Promise<RewardItem> {
  const { target, render, code, response, base, language, referenceText, referenceCode } = options;
  if (target === undefined) throw usageError('Give --target IMAGE, or --batch FILE with many items.');
  if ([render, code, response].filter((part) => part !== undefined).length !== 1) {
    throw usageError('Give one of --render PNG, --code FILE and --response FILE: the score is of that.');
  }
  if (base !== undefined && response === undefined) {
    throw usageError('Give --base with --response only: it is the code that the reply edits.');
  }
  return {
    id: '0',
    language: languageOfItem(options, language),
    deviceScale: readDeviceScale(options.deviceScale),
    alpha: readChoice('--alpha', options.alpha, alphaModes),
    alignmentRule: readChoice('--alignment', options.alignment, alignmentRules),
    reference: {
      data: base64(await readImage(target)),
      ...(referenceText !== undefined && { text: await readText(referenceText, 'The text', uploadLimits.codeBytes) }),
      ...(referenceCode !== undefined && { code: await readCode(referenceCode) }),
    },
    ...(render !== undefined && { image: base64(await readImage(render)) }),
    ...(code !== undefined && { code: await readCode(code, terminal) }),
    ...(response !== undefined && {
      response: await readText(response, 'The reply', uploadLimits.codeBytes, terminal),
    }),
    ...(base !== undefined && { base: { code: await readCode(base) } }),
  };
}

function readChoice<Choice extends string>(
  option: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw usageError(`Give one of ${choices.join(' and ')} with ${option}.`);
  return choice;
}

/** An image needs no language. */
function languageOfItem({ code, response }: ScoreOptions, named: string | undefined): Language | undefined {
  if (code !== undefined) return languageOf(named, code);
  if (named !== undefined) return readLanguage(named);
  if (response === undefined) return undefined;
  throw usageError('A reply can hold blocks of several languages: give --language.');
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function report(result: RewardResult, { json }: ScoreOptions, terminal: Terminal): ExitCode {
  if (json) terminal.data(JSON.stringify(result));
  const { status, error } = result;
  if (status === 'invalid' || status === 'unavailable' || status === 'deadline') throw new CliError(error!.message);
  if (status === 'not_rendered') terminal.progress(`The code renders nothing (${error!.kind}): ${error!.message}`);
  if (status === 'no_code' || status === 'edit_failed') terminal.progress(error!.message);
  if (result.empty)
    terminal.progress('The render shows nothing at all: the score is what the published rule gives to that.');
  if (result.molecule) terminal.progress(moleculeLine(result.molecule));
  if (result.bitmapShare) terminal.progress(bitmapLine(result.bitmapShare));
  if (!json) terminal.data(describe(result));
  return exitCodes.done;
}

function describe({ components, record }: RewardResult): string {
  const rows = termInfos().map(({ id, label }) => [label, figureOf(id, components[id] ?? null) + noteOn(id, record)]);
  return table(record ? [...rows, ['reward', `${record.version}, encoder ${record.encoder.id}`]] : rows);
}

function figureOf(name: string, value: number | null): string {
  if (value === null) return '--';
  return name === 'alignment' || name === 'execution' ? String(value) : formatScore(value);
}

/** Where the worst tile is, and how far the render is shifted. */
function noteOn(name: string, record: RewardRecord | null): string {
  if (name === 'worstTile') {
    const worst = record?.tiles.toSorted((a, b) => a.score - b.score)[0];
    if (!worst) return '';
    const { x, y, width, height } = worst.box;
    return ` (${worst.level} at x ${x} y ${y}, ${width} x ${height})`;
  }
  const shift = name === 'shiftTolerant' ? record?.shift : undefined;
  return shift && (shift.x !== 0 || shift.y !== 0) ? ` (at a shift of ${shift.x}, ${shift.y} px)` : '';
}

const batchBytes = 1024 * 1024 * 1024;

/** Reads one item per line and prints one result per line, in the same order. An invalid item is a status, not an error. */
async function scoreBatch(file: string, options: ScoreOptions, terminal: Terminal): Promise<ExitCode> {
  const { target, render, code, response, base } = options;
  if ([target, render, code, response, base].some((other) => other !== undefined)) {
    throw usageError('Each line of a --batch names its own target and code: leave the other options out.');
  }
  const text = await readText(file, 'The batch', batchBytes, terminal);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const counts = new Map<string, number>();
  await withService(terminal, async (service, signal) => {
    for (let from = 0; from < lines.length; from += maxRewardItems) {
      const items = lines.slice(from, from + maxRewardItems).map(parseJson);
      const { results } = await service.score(
        { deadlineMs: noDeadlineMs, records: options.json ?? false, items },
        signal,
      );
      for (const [index, result] of results.entries()) {
        counts.set(result.status, (counts.get(result.status) ?? 0) + 1);
        terminal.data(JSON.stringify(inBatch(result, items[index], from + index)));
      }
    }
  });
  const present = rewardItemStatuses.filter((status) => counts.has(status));
  terminal.progress(`${lines.length} items: ${present.map((status) => `${counts.get(status)} ${status}`).join(', ')}`);
  return exitCodes.done;
}

/** An item without an id gets the index of its line, from 0. */
function inBatch(result: RewardResult, item: unknown, index: number): RewardResult {
  if (typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string') return result;
  const named = { ...result, id: String(index) };
  return item === undefined ? { ...named, error: { kind: 'input', message: notJson } } : named;
}

const notJson = 'The line is not JSON: give one item per line, as one JSON object.';

/** Runs `work` with its own service, and closes the service afterwards. */
async function withService<T>(
  terminal: Terminal,
  work: (service: RewardService, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using interrupts = watchInterrupts(terminal);
  const reward = openReward(terminal.settings);
  const renderers = openRenderers(terminal.settings);
  try {
    const { alignment } = terminal.settings;
    return await work(createRewardService({ reward, renderers, languages, alignment }), interrupts.first);
  } catch (error) {
    if (interrupts.first.aborted) {
      throw new CliError('Stopped before there was a score.', { exitCode: exitCodes.interrupted });
    }
    if (error instanceof EncoderError) throw new CliError(error.message, { cause: error });
    throw error;
  } finally {
    await Promise.all([reward.close(), renderers.close()]);
  }
}
