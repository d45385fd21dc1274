import { tagsSchema, tagSet, type Tag } from '@pentimento/contracts';

/** The tags of a typed text, which spaces or commas separate, added to those that are there; or why they cannot be. */
export function withTyped(tags: readonly Tag[], typed: string): { tags: Tag[]; problem: string | null } {
  const words = typed.split(/[\s,]+/).filter(Boolean);
  const wanted = tagSet([...tags, ...words]);
  const { error } = tagsSchema.safeParse(wanted);
  return { tags: wanted, problem: error ? error.issues[0]!.message : null };
}

/** The list of jobs that have the tag. */
export const tagUrl = (tag: Tag): string => `/?tag=${encodeURIComponent(tag)}`;
