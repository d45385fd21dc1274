import type { PromptTemplate } from '@pentimento/contracts';
import type { PromptSet, TemplateName } from './prompt-set.ts';
import { standard } from './standard.ts';
import { vincicoder } from './vincicoder.ts';

export type { PromptSet, Slots, TemplateName } from './prompt-set.ts';

export const promptSets: readonly PromptSet[] = [standard, vincicoder];

/** Names a template by its set, version and text. The hash (SHA-256 in hex) is that of the system text and the template. */
export async function templateOf(
  { id, version, instructions, templates }: PromptSet,
  name: TemplateName,
): Promise<PromptTemplate> {
  const text = new TextEncoder().encode(JSON.stringify([instructions, templates[name]]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return { set: id, name, version, hash: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}
