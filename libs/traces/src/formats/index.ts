import type { TraceExporter } from '../export/exporter.ts';
import { easyr1 } from './easyr1.ts';
import { jsonl } from './jsonl.ts';

/** Every export format, one line each. */
export const traceExporters: readonly TraceExporter[] = [jsonl, easyr1];
