import { defaultModel, modelNameSchema, type Language } from '@pentimento/contracts';
import { fieldProblem } from '../http/problem.exception.ts';

export interface ModelChoice {
  model: string;
  /** Undefined where the name has none. */
  language: Language | undefined;
}

const ownName = /^pentimento(?=[/:]|$)/;
const withLanguage = /^pentimento(?:\/(?<language>[^:/]+))?(?::(?<model>.+))?$/;

/**
 * What a request's `model` asks for: `provider/model`, or `pentimento/LANGUAGE:provider/model`, whose language and model may be left out.
 * Many clients can set nothing else.
 *
 * @throws ProblemException where the name has no such form
 */
export function readModelName(name: string): ModelChoice {
  const parts = ownName.test(name) ? withLanguage.exec(name)?.groups : { model: name };
  const model = parts && (parts['model'] ?? defaultModel);
  if (modelNameSchema.safeParse(model).success) {
    return { model: model!, language: parts!['language']?.toLowerCase() };
  }
  const detail = `There is no model "${name}": write provider/model, e.g. ${defaultModel}, or with the language pentimento/svg:${defaultModel}. GET /v1/models lists them.`;
  throw fieldProblem('model-unknown', '/model', detail);
}
