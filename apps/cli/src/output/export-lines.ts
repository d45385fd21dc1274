import type { Export, ExportProgress } from '@pentimento/contracts';
import type { Downloaded } from '../download/download-export.ts';
import { table } from '../terminal/terminal.ts';
import { formatBytes, formatStored } from './storage.ts';

/** What `export --json` prints: one object. */
export interface ExportReport {
  id: string;
  name: string;
  format: string;
  folder: string;
  traces: number;
  rows: Record<string, number>;
  drops: Record<string, number>;
  files: number;
  bytes: number;
  /** Files that were not in the folder before. */
  fetched: number;
}

export function reportOf({ id, name, format, manifest }: Export, folder: string, downloaded: Downloaded): ExportReport {
  const { traces, rows, drops } = manifest!;
  return { id, name, format, folder, traces, rows, drops, ...downloaded };
}

export function formatReport({ id, name, folder, traces, rows, drops, files, bytes, fetched }: ExportReport): string {
  const dropped = Object.entries(drops).toSorted(([, a], [, b]) => b - a);
  return table([
    ['export', id],
    ['name', name],
    ['trajectories', String(traces)],
    ['rows', counts(Object.entries(rows))],
    ['dropped', dropped.length === 0 ? 'nothing' : `${counts(dropped)} (drops.jsonl says why)`],
    ['files', `${formatStored({ files, bytes })}, ${fetched} of them new`],
    ['folder', folder],
  ]);
}

const counts = (entries: [string, number][]): string => entries.map(([name, count]) => `${name} ${count}`).join(', ');

/** The progress as one line. */
export function exportingLine({ traces, total, rows, bytes }: ExportProgress): string {
  return `exporting    ${traces}/${total ?? '?'} trajectories  ${rows} rows  ${formatBytes(bytes)}`;
}

/** `total`: bytes of all files. */
export function downloadingLine({ files, bytes }: Downloaded, total: number): string {
  return `downloading  ${formatBytes(bytes)} of ${formatBytes(total)}  ${files} files`;
}
