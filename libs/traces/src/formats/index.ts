import type { TraceExporter } from '../export/exporter.ts';
import { critic } from './critic.ts';
import { easyr1 } from './easyr1.ts';
import { folder } from './folder.ts';
import { jsonl } from './jsonl.ts';
import { multiTurn } from './multi-turn.ts';
import { parquet } from './parquet.ts';
import { slime } from './slime.ts';
import { verifiersTrajectories } from './verifiers-trajectories.ts';
import { verifiers } from './verifiers.ts';
import { visualReflection } from './visual-reflection.ts';

/** Every export format, one line each. */
export const traceExporters: readonly TraceExporter[] = [
  jsonl,
  easyr1,
  verifiers,
  verifiersTrajectories,
  slime,
  multiTurn,
  visualReflection,
  critic,
  folder,
  parquet,
];
