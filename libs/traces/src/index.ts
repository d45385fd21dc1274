export { imagesOf } from './calls/check-tokens.ts';
export { readBestLineage, type LineageStep } from './calls/lineage.ts';
export { readCall, type CallContent } from './calls/read-call.ts';
export { segmentsOf, type Segment } from './calls/segments.ts';
export { stepsOf, type ChatMessage } from './calls/steps.ts';
export type { Group } from './derive/groups.ts';
export { policyVersionOf } from './derive/policy-version.ts';
export { bestLineageOf, modelTurnsOf, type ModelTurn, type Turn } from './derive/turns.ts';
export { TraceError, type UnitDrop } from './export/drops.ts';
export {
  exportTraces,
  type ExportContext,
  type ExportedTrace,
  type ExportFiles,
  type TraceExporter,
} from './export/exporter.ts';
export { groupColumns, groupMetaOf, groupStatisticsColumns, groupStatisticsOf } from './export/group-meta.ts';
export { metaOf } from './export/meta.ts';
export { previewTraces, type TracePreview } from './export/preview.ts';
export { rowExporter } from './export/row-format.ts';
export { TraceSource } from './export/source.ts';
export { planSplits, type Split, type TargetFingerprint } from './export/splits.ts';
export { modelGroupUnits, modelTurnUnits, noCall, turnUnits, unitOf } from './export/units.ts';
export { dataUriOf } from './images/data-uri.ts';
export type { ExportImage } from './images/export-image.ts';
export { sha256Of } from './sha256.ts';
export { taskIdOf } from './task.ts';
export { blobIdsOf, traceSchema, traceVersion, type Trace } from './trace.ts';
