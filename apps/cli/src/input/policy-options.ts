import { budgetSchema, defaultPolicy, policySchema, type CreateJobInput } from '@pentimento/contracts';
import { InvalidArgumentError, type Command } from 'commander';

/** The fields of a job's policy and budget, each of which is a flag. */
const groups = { policy: policySchema.shape, budget: budgetSchema.shape };
const defaults: Record<string, unknown> = defaultPolicy;
const texts = new Set(['profile', 'strategy', 'promptSet']);
const maps = new Set(['minimums']);

export function number(value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new InvalidArgumentError('It must be a number.');
  return parsed;
}

/** What lifts a limit. Commander keeps no null. */
const noLimit = 'none';
const limit = (value: string): number | typeof noLimit => (value === noLimit ? noLimit : number(value));

/** "worstTile=0.9,color=0.95" as a map. */
function scores(value: string): Record<string, number> {
  const entries = value.split(',').map((part) => {
    const [term = '', score = ''] = part.split('=').map((text) => text.trim());
    if (term === '') throw new InvalidArgumentError('It must be like "worstTile=0.9,color=0.95".');
    return [term, number(score)] as const;
  });
  return Object.fromEntries(entries);
}

export const flagOf = (field: string): string =>
  `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Adds a flag for each field, with its description and, but where it only changes what is there, its default. */
export function addPolicyOptions(command: Command, { changes = false } = {}): Command {
  for (const [field, schema] of Object.values(groups).flatMap((shape) => Object.entries(shape))) {
    const hasDefault = !changes && !maps.has(field) && defaults[field] !== undefined;
    const value = hasDefault ? ` (default: ${String(defaults[field])})` : '';
    const description =
      (schema.description ?? '').replace(/\.$/, '').replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()) + value;
    if (maps.has(field)) command.option(`${flagOf(field)} <term=score,...>`, description, scores);
    else if (texts.has(field)) command.option(`${flagOf(field)} <id>`, description);
    else if (changes && Object.hasOwn(groups.budget, field))
      command.option(`${flagOf(field)} <n|none>`, description, limit);
    else command.option(`${flagOf(field)} <n>`, description, number);
  }
  return command;
}

/** The fields that were given. A limit is null only where the flags change what is there. */
export function policyAndBudget(options: object): Pick<CreateJobInput, 'policy' | 'budget'> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const fieldsOf = (shape: object) => given.filter(([field]) => Object.hasOwn(shape, field));
  const limits = fieldsOf(groups.budget).map(([field, value]) => [field, value === noLimit ? null : value]);
  return { policy: Object.fromEntries(fieldsOf(groups.policy)), budget: Object.fromEntries(limits) };
}
