import { fencedBlocks, type Prompt } from '@pentimento/contracts';
import {
  type ExportedTrace,
  type ExportImage,
  type ModelTurn,
  modelTurnUnits,
  rowExporter,
  type UnitDrop,
} from '@pentimento/traces';
import { parquet } from '@pentimento/traces/tables';
import { promptOf } from './calls.ts';
import { whyNoImprovement } from './improved-only.ts';
import { refinementColumns, refinementRow, type Refinement } from './refinement.ts';

/** VinciCoder's task "visual code refinement", from each candidate that scores higher than the code it started from. */
export const vincicoderSft = rowExporter({
  id: 'vincicoder-sft',
  title: 'VinciCoder refinement SFT',
  description:
    'Visual code refinement as in VinciCoder: one row a candidate that improved, with the target, the code before and after.',
  unit: 'candidate',
  table: () => parquet,
  columns: refinementColumns,
  meta: true,
  units: (exported) =>
    modelTurnUnits(exported, async (turn) => refinementRow(await refinementOf(exported, turn)), whyNoPair),
});

/** A draft starts from no code; a reply without code leaves nothing to correct. */
function whyNoPair(turn: ModelTurn): Pick<UnitDrop, 'reason' | 'detail'> | undefined {
  if (!turn.parent?.code) return { reason: 'no_pair', detail: 'It did not start from code.' };
  return whyNoImprovement(turn);
}

async function refinementOf(exported: ExportedTrace, turn: ModelTurn): Promise<Refinement> {
  const { trace, source } = exported;
  const { candidate, iteration, score } = turn;
  const parent = turn.parent!;
  const flawedCode = await source.text(parent.code!);
  return {
    target: await source.image(trace.job.target.image),
    fenceName: fenceNameOf(flawedCode, await promptOf(exported, turn)) ?? trace.job.language,
    flawedCode,
    betterCode: await source.text(candidate.code!),
    instructions: trace.job.instructions,
    render: await renderOf(exported, turn),
    scoreBefore: parent.reward.terms.overall,
    scoreAfter: score,
    boxes: iteration.patches.map(({ box }) => box),
  };
}

async function renderOf({ source }: ExportedTrace, { parent }: ModelTurn): Promise<ExportImage | null> {
  return parent?.render?.status === 'ok' ? source.image(parent.render.image) : null;
}

/** What opens the fenced block in which the prompt shows the code. */
function fenceNameOf(code: string, { messages }: Prompt): string | undefined {
  const texts = messages.flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')));
  const shown = code.split(/\r?\n/).join('\n');
  return texts.flatMap(fencedBlocks).findLast(({ body }) => body === shown)?.info;
}
