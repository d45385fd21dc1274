import { existsSync } from 'node:fs';
import { createRenderers, type Renderers } from '@pentimento/render';
import { executionProviders, type ExecutionProvider } from '@pentimento/encoder';
import { createReward, type Reward } from '@pentimento/reward';
import { createHomeCaches } from '@pentimento/store/cache';
import { Fault } from './fault.ts';
import { homeOf } from './locations.ts';
import type { Terminal } from './terminal.ts';

/** The home's caches, where there is a home: a command that needs no server makes none. */
function cachesOf({ environment }: Terminal): Partial<ReturnType<typeof createHomeCaches>> {
  const home = homeOf(environment);
  return existsSync(home) ? createHomeCaches(home) : {};
}

/** Renderers of this process, by the same settings as a server's unless `slots` says how many at a time. Close them. */
export function openRenderers(terminal: Terminal, slots = slotsOf(terminal)): Renderers {
  const { renders } = cachesOf(terminal);
  const allowUnsandboxed = terminal.environment.PENTIMENTO_ALLOW_UNSANDBOXED === 'yes';
  return createRenderers({
    allowUnsandboxed,
    ...(slots !== undefined && { slots }),
    ...(renders && { cache: renders }),
  });
}

function slotsOf({ environment }: Terminal): number | undefined {
  const named = environment.PENTIMENTO_RENDER_SLOTS;
  if (!named) return undefined;
  const slots = Number(named);
  if (Number.isInteger(slots) && slots >= 1 && slots <= 64) return slots;
  throw new Fault(
    'PENTIMENTO_RENDER_SLOTS must be a whole number of renders, 1 to 64; set it right or leave it unset.',
  );
}

/** The reward of this process, by the same settings as a server's. Close it. */
export function openReward(terminal: Terminal): Reward {
  const options = {
    encoder: terminal.environment.PENTIMENTO_ENCODER || undefined,
    home: homeOf(terminal.environment),
    executionProvider: executionProviderOf(terminal),
    precision: oneOf('PENTIMENTO_REWARD_PRECISION', terminal, ['float32', 'int8']),
    cache: cachesOf(terminal).vectors,
  };
  return createReward(options);
}

/** The encoder's execution provider, where the environment names one. */
export function executionProviderOf(terminal: Terminal): ExecutionProvider | undefined {
  return oneOf('PENTIMENTO_REWARD_PROVIDER', terminal, executionProviders);
}

/** One of the allowed words, or undefined where the variable is unset or empty. */
function oneOf<Word extends string>(name: string, { environment }: Terminal, words: readonly Word[]): Word | undefined {
  const named = environment[name];
  if (!named) return undefined;
  const known = words.find((word) => word === named);
  if (known) return known;
  throw new Fault(`${name} must be ${words.map((word) => `"${word}"`).join(' or ')}; set it right or leave it unset.`);
}
