import type { RenderFailureKind } from '@pentimento/contracts';
import type { Canary } from '../canary.ts';

/**
 * What a hostile program may end in; a list gives the choice. `any`: whatever it is, in time and without harm;
 * `failed`: of whatever kind.
 */
export type Ending = 'any' | 'ok' | 'failed' | RenderFailureKind;

/**
 * The code, and where it may leave something behind, what is drawn next in the same slot and finds it. Code that gets at what
 * is not its own paints in magenta or says `ESCAPED`.
 */
export type HostileProgram = [ending: Ending | readonly Ending[], code: string, then?: string];

/** By name; names are the same whatever the canary. */
export type MakePrograms = (
  canary: Pick<Canary, 'port' | 'folder' | 'socket' | 'mark'>,
) => Record<string, HostileProgram>;
