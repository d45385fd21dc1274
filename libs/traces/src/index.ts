export { exportTraces, type ExportContext, type ExportFiles, type TraceExporter } from './export/exporter.ts';
export { previewTraces, type TracePreview } from './export/preview.ts';
export { planSplits, type Split, type TargetFingerprint } from './export/splits.ts';
export { criticColumns, criticRow, type CriticSample, type LocatedFinding } from './formats/critic-row.ts';
export { traceExporters } from './formats/index.ts';
export { taskIdOf } from './task.ts';
export { traceVersion, type Trace } from './trace.ts';
