export { createModels, type Models } from './models.ts';
export { promptDigest } from './calls/prompt.ts';
export { type LoggedCall } from './testing/index.ts';
export { LearnedProfiles } from './profiles/model-profiles.ts';
