import type { Prompt } from '@pentimento/contracts';
import type { ExportedTrace, ModelTurn } from '@pentimento/traces';

/** The prompt of a turn. */
export const promptOf = ({ source }: ExportedTrace, { candidate }: ModelTurn): Promise<Prompt> =>
  source.prompt(candidate.call.prompt);

/** The reply of a turn exactly as the model gave it, without what it thought before. */
export const replyOf = ({ source }: ExportedTrace, { candidate }: ModelTurn): Promise<string> =>
  source.text(candidate.call.reply);
