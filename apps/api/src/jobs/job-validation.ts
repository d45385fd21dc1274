import { promptSets, searchStrategies } from '@pentimento/agent';
import {
  type ModelPage,
  defaultModel,
  uploadLimits,
  type CreateJob,
  type ModelState,
  type Policy,
  type RendererState,
} from '@pentimento/contracts';
import { builtinLanguages } from '@pentimento/vectorizer';
import { termInfos } from '@pentimento/reward';
import { fieldProblem } from '../http/problem.exception.ts';
import { isTrusted } from '../models/trust.ts';

const standardPromptSet = 'standard';

interface ModelCatalog {
  knows(name: string): boolean;
  state(name: string): ModelState;
  list(): ModelPage;
}

/** Throws a ProblemException where the model is unknown or not ready. */
export function validateModel(models: ModelCatalog, name: string): ModelState {
  if (!models.knows(name)) {
    const examples = models.list().providers.map(({ example }) => example);
    const detail = `There is no model "${name}"; GET /v1/models lists them, e.g. ${examples.join(', ')}.`;
    throw fieldProblem('model-unknown', '/model', detail);
  }
  const state = models.state(name);
  if (!state.ready)
    throw fieldProblem('model-not-ready', '/model', state.reason ?? `The model "${name}" is not ready.`);
  return state;
}

/** Throws a ProblemException where the job's code cannot be rendered here, or not in sufficient isolation. */
export function validateLanguage(
  renderers: readonly RendererState[],
  model: Pick<ModelState, 'name' | 'trusted'>,
  { language, code }: Pick<CreateJob, 'language' | 'code'>,
): void {
  const state = renderers.find((each) => each.language === language);
  if (!state?.available) {
    const detail =
      state?.reason ?? `"${language}" cannot be rendered on this server; GET /v1/languages lists what can.`;
    throw fieldProblem('language-unavailable', '/language', detail);
  }
  if (state.isolation !== 'process' || isTrusted(model, code !== undefined)) return;
  const [pointer, whose] = code === undefined ? ['/model', `of the model "${model.name}"`] : ['/code', 'of your own'];
  const detail = `Code ${whose} is not rendered without a sandbox. ${state.reason ?? ''}`.trim();
  throw fieldProblem('isolation-unavailable', pointer, detail);
}

/** Throws a ProblemException where the model cannot write the language: the built-in model writes few languages. */
export function validateModelLanguage(
  model: ModelState,
  { language, code }: Pick<CreateJob, 'language' | 'code'>,
): void {
  if (model.name !== defaultModel || code !== undefined || builtinLanguages.includes(language)) return;
  const detail = `The built-in model traces shapes and cannot write ${language}: choose another model, or one of ${builtinLanguages.join(', ')}.`;
  throw fieldProblem('language-unavailable', '/language', detail);
}

/** Throws a ProblemException where a threshold cannot read the term of the profile or of a minimum. */
export function validateThreshold({ profile, minimums }: Pick<Policy, 'profile' | 'minimums'>): void {
  validateTerm(profile, '/policy/profile');
  for (const term of Object.keys(minimums)) validateTerm(term, `/policy/minimums/${term}`);
}

function validateTerm(term: string, pointer: string): void {
  const ids = termInfos().flatMap(({ id, threshold }) => (threshold ? [id] : []));
  if (ids.includes(term)) return;
  throw fieldProblem('invalid-request', pointer, `A threshold cannot read "${term}"; choose one of ${ids.join(', ')}.`);
}

/** Throws a ProblemException where there is no such prompt set, or the built-in model cannot read its prompts. */
export function validatePromptSet(id: string, model: string | null): void {
  if (promptSets.every((set) => set.id !== id)) {
    const detail = `There is no prompt set "${id}"; choose ${promptSets.map((set) => set.id).join(', ')}.`;
    throw fieldProblem('invalid-request', '/policy/promptSet', detail);
  }
  if (model !== defaultModel || id === standardPromptSet) return;
  const detail = `The built-in model reads only prompts of the set "${standardPromptSet}": choose that, or another model.`;
  throw fieldProblem('invalid-request', '/policy/promptSet', detail);
}

/** Throws a ProblemException where there is no such search strategy. */
export function validateStrategy(id: string): void {
  if (searchStrategies.some((strategy) => strategy.id === id)) return;
  const known = searchStrategies.map((strategy) => strategy.id).join(', ');
  throw fieldProblem('strategy-unknown', '/policy/strategy', `There is no search strategy "${id}"; choose ${known}.`);
}

/** Throws a ProblemException where the code is empty, with the remedy for it, or too long. */
export function validateCode(code: string | undefined, remedy: string): void {
  if (code === undefined) return;
  if (code.trim() === '') throw fieldProblem('invalid-request', '/code', `The code is empty; ${remedy}.`);
  if (Buffer.byteLength(code) > uploadLimits.codeBytes) {
    const detail = `The code is longer than ${uploadLimits.codeBytes} bytes; shorten it.`;
    throw fieldProblem('invalid-request', '/code', detail);
  }
}
