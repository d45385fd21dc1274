export { exportTraces, type ExportContext, type ExportFiles, type ExportSummary } from './exporter.ts';
export { traceExporters } from './formats/index.ts';
export { traceVersion, type Trace } from './trace.ts';
