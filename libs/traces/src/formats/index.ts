import type { TraceExporter } from '../exporter.ts';
import { jsonl } from './jsonl.ts';

/** Every export format, one line each. */
export const traceExporters: readonly TraceExporter[] = [jsonl];
