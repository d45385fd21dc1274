import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import type { Client } from '@pentimento/client';
import { isFinal, type CreateExport, type Export } from '@pentimento/contracts';
import { checkFolder } from '../download/export-folder.ts';
import { downloadExport } from '../download/download-export.ts';
import { withRetries } from '../download/retry.ts';
import { readExportRequest, type ExportRequestOptions } from './export-request.ts';
import { downloadingLine, exportingLine, formatReport, reportOf } from '../output/export-lines.ts';
import { withServer } from '../server/with-server.ts';
import { CliError, exitCodes, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { watchInterrupts, type Interrupts } from '../terminal/interrupts.ts';
import { throttledProgress } from '../terminal/throttled-progress.ts';
import { table, type Terminal } from '../terminal/terminal.ts';

export interface ExportOptions extends ExportRequestOptions {
  out?: string;
  id?: string;
  listFormats?: boolean;
  json?: boolean;
  server?: string;
}

const pollMs = 500;

/** Exports trajectories, or fetches an export that is there, and downloads its files. Starts its own server where none runs. */
export async function exportTraces(options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const { listFormats, json, server: option } = options;
  const plan = listFormats ? undefined : await planOf(options);
  using interrupts = watchInterrupts(terminal);
  return await withServer({ option, interrupts, terminal }, async (client) => {
    if (!plan) return printFormats(client, json, terminal);
    const whole = await makeWhole(client, plan.source, interrupts, terminal);
    if (whole.status !== 'succeeded') return reportFailure(whole, interrupts, terminal);
    return download(client, whole, { folder: plan.folder, json, interrupts, terminal });
  });
}

interface Plan {
  source: Source;
  folder: string;
}

/** Checks everything that can be checked without a server. */
async function planOf(options: ExportOptions): Promise<Plan> {
  const { out, id } = options;
  if (out === undefined) throw usageError('Name the folder for the files with --out.');
  const source = sourceOf(options);
  const folder = resolve(out);
  await checkFolder(folder, id);
  return { source, folder };
}

type Source = { id: string } | { request: CreateExport };

/** Options that do not say what is exported. */
const otherOptions = new Set(['out', 'id', 'listFormats', 'json', 'server']);

function sourceOf({ id, ...options }: ExportOptions): Source {
  if (id === undefined && options.format === undefined) {
    throw usageError('Name a format with --format, which --list-formats lists, or an export that is there with --id.');
  }
  if (id === undefined) return { request: readExportRequest(options) };
  if (Object.keys(options).every((name) => otherOptions.has(name))) return { id };
  throw usageError(
    '--id fetches an export as it is: leave out the format, the filters and the options, or leave out --id.',
  );
}

/** The export once it has ended. The first Ctrl-C cancels an export that this command has created. */
async function makeWhole(client: Client, source: Source, interrupts: Interrupts, terminal: Terminal): Promise<Export> {
  if ('id' in source) return followToEnd(client, await client.getExport(source.id), interrupts.first, terminal);
  const created = await client.createExport(source.request);
  terminal.progress(`export ${created.id}`);
  const cancel = (): void => {
    terminal.progress('canceling the export (Ctrl-C again leaves at once)');
    client.cancelExport(created.id).catch((error: Error) => terminal.progress(error.message));
  };
  if (interrupts.first.aborted) cancel();
  interrupts.first.addEventListener('abort', cancel, { once: true });
  try {
    return await followToEnd(client, created, interrupts.second, terminal);
  } finally {
    interrupts.first.removeEventListener('abort', cancel);
  }
}

async function followToEnd(client: Client, from: Export, signal: AbortSignal, terminal: Terminal): Promise<Export> {
  const progress = throttledProgress(terminal);
  const onRetry = retryLine(terminal);
  try {
    let found = from;
    for (
      ;
      !isFinal(found.status);
      found = await withRetries(() => client.getExport(from.id, { signal }), { signal, onRetry })
    ) {
      if (found.status === 'running') progress(exportingLine(found.progress));
      await sleep(pollMs, undefined, { signal });
    }
    return found;
  } catch (error) {
    throw signal.aborted ? stopped(`Stopped following ${from.id}`, from.id) : error;
  }
}

interface DownloadUse {
  folder: string;
  json: boolean | undefined;
  interrupts: Interrupts;
  terminal: Terminal;
}

async function download(client: Client, whole: Export, { folder, json, interrupts, terminal }: DownloadUse) {
  const progress = throttledProgress(terminal);
  const { first: signal } = interrupts;
  try {
    const downloaded = await downloadExport(whole, folder, {
      ...{ client, signal },
      onProgress: (soFar) => progress(downloadingLine(soFar, whole.progress.bytes)),
      onRetry: retryLine(terminal),
    });
    const report = reportOf(whole, folder, downloaded);
    terminal.data(json ? JSON.stringify(report) : formatReport(report));
    return exitCodes.done;
  } catch (error) {
    if (signal.aborted) throw stopped('Stopped the download', whole.id, folder);
    throw error;
  }
}

function stopped(what: string, id: string, folder = 'FOLDER'): CliError {
  return new CliError(`${what}; "pentimento export --id ${id} --out ${folder}" continues it.`, {
    exitCode: exitCodes.interrupted,
  });
}

const retryLine = (terminal: Terminal) => (waitMs: number) =>
  terminal.progress(`  the connection was lost; trying again in ${waitMs} ms`);

function reportFailure({ id, status, error }: Export, interrupts: Interrupts, terminal: Terminal): ExitCode {
  terminal.progress(error?.message ?? `The export ${id} is ${status}: nothing was downloaded.`);
  return interrupts.first.aborted ? exitCodes.interrupted : exitCodes.error;
}

async function printFormats(client: Client, json: boolean | undefined, terminal: Terminal): Promise<ExitCode> {
  const formats = await client.listExportFormats();
  if (json) terminal.data(JSON.stringify(formats));
  else
    terminal.data(
      table([['FORMAT', 'ROW', 'WHAT FOR'], ...formats.map((each) => [each.id, each.unit, each.description])]),
    );
  return exitCodes.done;
}
