import type { ExportFilter } from '@pentimento/contracts';
import { traceExporters } from '@pentimento/trace-formats';
import type { TraceExporter } from '@pentimento/traces';
import { fieldProblem, type ProblemException } from '../http/problem.exception.ts';
import { knownLanguage } from '../renders/known-language.ts';
import type { Languages } from '../runtime/languages.ts';

/** The format of that id. Throws a ProblemException that names the known ones where there is none. */
export function knownFormat(id: string): TraceExporter {
  const known = traceExporters.find((exporter) => exporter.id === id);
  if (known) return known;
  const ids = traceExporters.map((exporter) => exporter.id).join(', ');
  throw fieldProblem('format-unknown', '/format', `There is no export format "${id}": choose one of ${ids}.`);
}

/** Throws a ProblemException where the filter names what there is not, or can select nothing. */
export function validateFilter(filter: ExportFilter, languages: Languages): void {
  for (const id of filter.languages ?? []) knownLanguage(languages, id, '/filter/languages');
  const { minScore = 0, maxScore = 1, createdAfter, createdBefore } = filter;
  if (minScore > maxScore) throw emptyRange('minScore', 'maxScore');
  if (createdAfter && createdBefore && Date.parse(createdAfter) >= Date.parse(createdBefore)) {
    throw emptyRange('createdAfter', 'createdBefore');
  }
}

function emptyRange(from: keyof ExportFilter, to: keyof ExportFilter): ProblemException {
  const detail = `Nothing is both from ${from} on and up to ${to}: exchange them, or leave one out.`;
  return fieldProblem('invalid-request', `/filter/${from}`, detail);
}
