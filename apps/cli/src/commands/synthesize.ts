import { flawKinds, type FlawKind, type FlawSkip, type Language } from '@pentimento/contracts';
import { EncoderError } from '@pentimento/encoder';
import { flawLanguages, synthesizeFlaws, type FlawPorts, type FlawResult } from '@pentimento/flaws';
import { join } from 'node:path';
import { flawTables, type FlawTable } from '@pentimento/trace-formats';
import { listCodeFiles, sizeBeside, type CodeFile } from '../input/code-files.ts';
import { readCode } from '../input/files.ts';
import { readLanguage } from '../input/languages.ts';
import { openRenderers, openReward } from '../local/engines.ts';
import { DatasetFolder } from '../output/dataset-folder.ts';
import { FlawTableFiles } from '../output/flaw-table-files.ts';
import { describeSource, describeTotals, FlawTotals } from '../output/flaw-totals.ts';
import { repository } from '../settings/locations.ts';
import { exitCodes, CliError, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { watchInterrupts } from '../terminal/interrupts.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface SynthesizeOptions {
  from: string;
  out: string;
  count: number;
  seed: number;
  language?: string;
  kinds?: string;
  formats?: string;
  json?: boolean;
}

/** What is made of each source. */
interface Request {
  count: number;
  seed: number;
  kinds?: FlawKind[];
  /** What is written of the pairs beside `pairs.jsonl`. */
  tables: readonly FlawTable[];
}

/**
 * Makes flawed twins of correct code, renders and scores them, and writes them with their images. Needs no server. The same seed and
 * sources give the same bytes.
 */
export async function synthesize(options: SynthesizeOptions, terminal: Terminal): Promise<ExitCode> {
  const request = readRequest(options);
  const files = await sourcesOf(options);
  terminal.progress(`${files.length} sources in ${new Set(files.map(({ language }) => language)).size} languages`);
  using interrupts = watchInterrupts(terminal);
  const totals = new FlawTotals();
  const folder = await DatasetFolder.open(options.out);
  try {
    const tables = await FlawTableFiles.open(folder, request.tables);
    await withPorts(folder, terminal, (ports) =>
      writeAll({ files, request, ports, folder, tables, totals, terminal, signal: interrupts.first }),
    );
    await tables.close();
    requirePairs(totals);
  } catch (error) {
    await folder.discard();
    if (interrupts.first.aborted) {
      throw new CliError('Stopped before all twins were made: nothing is written.', {
        exitCode: exitCodes.interrupted,
      });
    }
    throw error;
  }
  await folder.publish();
  for (const line of describeTotals(totals)) terminal.progress(line);
  terminal.data(options.json ? JSON.stringify(totals.summary(options.out)) : join(options.out, 'pairs.jsonl'));
  return exitCodes.done;
}

function readRequest({ count, seed, kinds, formats }: SynthesizeOptions): Request {
  if (!Number.isInteger(count) || count < 1 || count > 10_000) {
    throw usageError(`${count} is not a number of pairs: give --count from 1 to 10000.`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw usageError(`${seed} is not a seed: give --seed as a whole number from 0.`);
  return {
    ...{ count, seed },
    ...(kinds !== undefined && { kinds: namesIn(kinds).map(readKind) }),
    tables: formats === undefined ? [] : namesIn(formats).map(readTable),
  };
}

const namesIn = (list: string): string[] => [...new Set(list.split(',').map((name) => name.trim()))];

function readTable(named: string): FlawTable {
  const table = flawTables.find(({ id }) => id === named);
  if (table) return table;
  const known = flawTables.map(({ id }) => id).join(',');
  throw usageError(`Flaw pairs are not written as "${named}": give --formats ${known}, or one of these.`);
}

function readKind(named: string): FlawKind {
  const kind = flawKinds.find((known) => known === named);
  if (!kind)
    throw usageError(`There is no kind of flaw "${named}": give --kinds ${flawKinds.join(',')}, or some of these.`);
  return kind;
}

async function sourcesOf({ from, language: named }: SynthesizeOptions): Promise<CodeFile[]> {
  const language = named === undefined ? undefined : readFlawLanguage(named);
  const files = await listCodeFiles(from === 'examples' ? join(repository, 'examples') : from);
  const chosen = files.filter((file) => language === undefined || file.language === language);
  if (chosen.length > 0) return chosen;
  const kind = language === undefined ? 'code of any language' : `code of ${language}`;
  throw new CliError(
    `The folder ${from} holds no ${kind}: name one with files such as chart.py, page.html or icon.svg.`,
  );
}

function readFlawLanguage(named: string): Language {
  const language = readLanguage(named);
  if (flawLanguages.some((known) => known.language === language)) return language;
  throw usageError(
    `Nothing is known of how ${language} can be flawed: give --language ${flawLanguages.map((known) => known.language).join('|')}.`,
  );
}

/** Long, so that what a twin gives does not depend on how busy the machine is. */
const deadlineMs = 60_000;

/** Runs `work` with renderers and a reward of this process, and closes them afterwards. */
async function withPorts(
  folder: DatasetFolder,
  terminal: Terminal,
  work: (ports: FlawPorts) => Promise<void>,
): Promise<void> {
  const reward = openReward(terminal.settings);
  const render = openRenderers(terminal.settings, { deadlineMs });
  try {
    await work({ render, reward, blobs: { put: (png) => folder.putImage(png) } });
  } catch (error) {
    if (error instanceof EncoderError) throw new CliError(error.message, { cause: error });
    throw error;
  } finally {
    await Promise.all([reward.close(), render.close()]);
  }
}

interface Work {
  files: readonly CodeFile[];
  request: Request;
  ports: FlawPorts;
  folder: DatasetFolder;
  tables: FlawTableFiles;
  totals: FlawTotals;
  terminal: Terminal;
  signal: AbortSignal;
}

/** Writes the results of all sources in the order of their names, whichever is done first. */
async function writeAll(work: Work): Promise<void> {
  const { files, folder, tables, totals, terminal } = work;
  for await (const [index, results] of inOrder(files, (file) => resultsOf(file, work))) {
    for (const result of results) {
      if ('pair' in result) await folder.append('pairs', result.pair);
      else await folder.append('drops', result.skip);
    }
    const pairs = results.flatMap((result) => ('pair' in result ? [result.pair] : []));
    for (const skip of await tables.write(pairs)) await folder.append('drops', skip);
    totals.add(files[index]!.language, results);
    terminal.progress(describeSource(files[index]!.name, results, work.request.count, `${index + 1}/${files.length}`));
  }
}

async function resultsOf(file: CodeFile, { request, ports, signal }: Work): Promise<FlawResult[]> {
  const { name, language, path } = file;
  const code = await readCode(path).catch((error: CliError) => error);
  if (code instanceof CliError) return [{ skip: unreadable(file, code) }];
  const source = { name, language, code, size: await sizeBeside(file) };
  const results: FlawResult[] = [];
  for await (const result of synthesizeFlaws(source, request, ports, signal)) results.push(result);
  return results;
}

const unreadable = ({ name, language }: CodeFile, { message }: CliError): FlawSkip => ({
  source: name,
  language,
  reason: 'source_fails',
  detail: message,
  flaw: null,
});

/** Sources in work at a time: those that wait for the first one to end keep the renderers busy. */
const atATime = 4;

/** The results of the items in their order, a few items at a time. */
async function* inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<[number, Result]> {
  const running: Promise<Result>[] = [];
  for (let next = 0, done = 0; done < items.length; done++) {
    while (next < items.length && running.length < atATime) {
      const result = work(items[next++]!);
      // Awaited in its turn; until then a rejection is not unhandled.
      result.catch(() => {});
      running.push(result);
    }
    yield [done, await running.shift()!];
  }
}

function requirePairs(totals: FlawTotals): void {
  if (totals.pairs > 0) return;
  throw new CliError(`No source gave a pair. ${totals.firstSkip?.detail ?? 'There are no flaws of these kinds.'}`);
}
