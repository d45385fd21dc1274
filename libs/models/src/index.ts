export {
  createModels,
  type GenerateOutcome,
  type GenerateRequest,
  type Models,
  type ModelsOptions,
  type Reply,
} from './models.ts';
export { promptDigest } from './prompt.ts';
export { scriptSchema, type LoggedCall, type Script } from './scripted/index.ts';
