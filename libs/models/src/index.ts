export {
  createModels,
  type GenerateOutcome,
  type GenerateRequest,
  type Models,
  type ModelsOptions,
  type Reply,
} from './models.ts';
export { promptDigest } from './prompt.ts';
export { type LoggedCall } from './scripted/index.ts';
