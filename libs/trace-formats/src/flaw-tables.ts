import type { FlawPair, FlawTableId } from '@pentimento/contracts';
import { type ExportImage, TraceError, type TraceSource } from '@pentimento/traces';
import { type Columns, float, type Row, string } from '@pentimento/traces/tables';
import { criticColumns, criticRow } from './critic-row.ts';
import { refinementColumns, refinementRow } from './refinement.ts';

/** Flaw pairs in the columns of the trace format of the same id, so that one training run reads both. */
export interface FlawTable {
  id: FlawTableId;
  columns: Columns;
  /** Throws a TraceError where the pair has no row. */
  rowOf(pair: FlawPair, images: TraceSource): Promise<Row>;
  /** The row of the correct code of a pair, where the format has one. */
  correctRowOf?(pair: FlawPair, images: TraceSource): Promise<Row>;
}

/** The columns that say where a row comes from. */
const pairColumns = {
  source: string,
  language: string,
  flaw_kind: string,
  flaw_description: string,
  changed_share: float,
  reward_version: string,
} satisfies Columns;

/** VinciCoder's task "visual code refinement": the correct code is the one that improves. */
const refinements: FlawTable = {
  id: 'vincicoder-sft',
  columns: { ...refinementColumns, ...pairColumns },
  async rowOf(pair, images) {
    const row = refinementRow({
      target: await images.image(pair.target.image),
      fenceName: pair.language,
      flawedCode: pair.flawedCode,
      betterCode: pair.correctCode,
      instructions: '',
      render: await renderOf(pair, images),
      scoreBefore: pair.score.terms.overall,
      scoreAfter: null,
      boxes: pair.box ? [pair.box] : [],
    });
    return { ...row, ...originOf(pair) };
  },
};

/** The flaw as the one finding of a critic; the correct render has none. */
const critics: FlawTable = {
  id: 'critic',
  columns: { ...criticColumns, ...pairColumns },
  async rowOf(pair, images) {
    const render = await renderOf(pair, images);
    if (!render || !pair.box) throw new TraceError('not_rendered', 'There is no render to look at.');
    const findings = [{ box: pair.box, text: pair.description, score: null }];
    return { ...criticRow({ target: await images.image(pair.target.image), render, findings }), ...originOf(pair) };
  },
  async correctRowOf(pair, images) {
    const target = await images.image(pair.target.image);
    const origin = { ...originOf(pair), flaw_kind: null, flaw_description: null, changed_share: 0 };
    return { ...criticRow({ target, render: target, findings: [] }), ...origin };
  },
};

/** One line each. */
export const flawTables: readonly FlawTable[] = [refinements, critics];

async function renderOf({ flawed }: FlawPair, images: TraceSource): Promise<ExportImage | null> {
  return flawed.status === 'ok' ? images.image(flawed.image) : null;
}

const originOf = ({ source, language, kind, description, changedShare, score }: FlawPair): Row => ({
  source,
  language,
  flaw_kind: kind,
  flaw_description: description,
  changed_share: changedShare,
  reward_version: score.version,
});
