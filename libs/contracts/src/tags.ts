import { z } from 'zod';

export const maxTags = 32;

/** 1 to 40 characters. Case counts. */
export const tagSchema = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,40}$/, 'A tag has 1 to 40 characters: letters A to Z, digits and "-_.:/".')
  .meta({ id: 'Tag' });
export type Tag = z.infer<typeof tagSchema>;

export const tagsSchema = z.array(tagSchema).max(maxTags, `A job has at most ${maxTags} tags: leave some out.`);

/** `PUT /v1/jobs/{id}/tags`. */
export const setTagsSchema = z
  .strictObject({ tags: tagsSchema.describe('All tags of the job from now on; none removes all.') })
  .meta({ id: 'SetTags' });
export type SetTags = z.infer<typeof setTagsSchema>;

/** The tags as a set: each once, in the order of their characters. */
export const tagSet = (tags: readonly Tag[]): Tag[] => [...new Set(tags)].sort();
