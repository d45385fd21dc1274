export { createModels, type Models, type ModelsOptions } from './models.ts';
export { promptDigest } from './prompt.ts';
export { type LoggedCall } from './scripted/index.ts';
