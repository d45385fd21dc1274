import type { TraceExporter } from '@pentimento/traces';
import { critic } from './critic.ts';
import { easyr1 } from './easyr1.ts';
import { folder } from './folder.ts';
import { jsonl } from './jsonl.ts';
import { multiTurn } from './multi-turn.ts';
import { parquet } from './parquet.ts';
import { slime } from './slime.ts';
import { swiftDpo } from './swift-dpo.ts';
import { swiftGrpo } from './swift-grpo.ts';
import { swiftKto } from './swift-kto.ts';
import { swiftSft } from './swift-sft.ts';
import { trlDpo } from './trl-dpo.ts';
import { trlGrpo } from './trl-grpo.ts';
import { trlKto } from './trl-kto.ts';
import { trlSft } from './trl-sft.ts';
import { verifiersTrajectories } from './verifiers-trajectories.ts';
import { verifiers } from './verifiers.ts';
import { verlRl } from './verl-rl.ts';
import { verlSft } from './verl-sft.ts';
import { vincicoderSft } from './vincicoder-sft.ts';
import { visualReflection } from './visual-reflection.ts';

export { flawTables, type FlawTable } from './flaw-tables.ts';

/** Every export format, one line each. */
export const traceExporters: readonly TraceExporter[] = [
  jsonl,
  easyr1,
  verlRl,
  trlGrpo,
  swiftGrpo,
  verlSft,
  trlSft,
  swiftSft,
  vincicoderSft,
  trlDpo,
  swiftDpo,
  trlKto,
  swiftKto,
  verifiers,
  verifiersTrajectories,
  slime,
  multiTurn,
  visualReflection,
  critic,
  folder,
  parquet,
];
