import type { ModelState } from '@pentimento/contracts';

/** Whether all of a job's code is written by the project's own model, so that weak isolation is enough for it. */
export const isTrusted = (model: Pick<ModelState, 'trusted'>, hasOwnCode: boolean): boolean =>
  model.trusted && !hasOwnCode;
