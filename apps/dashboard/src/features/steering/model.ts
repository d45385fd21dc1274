import {
  isWithdrawable,
  isWithin,
  settingsChangesSchema,
  type Box,
  type Budget,
  type Intervention,
  type Job,
  type SettingsChanges,
  type Size,
} from '@pentimento/contracts';
import { errorsOfSchema, numberOf, present, type FieldErrors } from '../../ui/fieldErrors.ts';
import { formatSize } from '../../ui/format.ts';

/** A box as it is typed. */
export type BoxForm = Record<keyof Box, string>;
export const boxSides = ['x', 'y', 'width', 'height'] as const;
export const emptyBoxForm: BoxForm = { x: '', y: '', width: '', height: '' };

export const formOfBox = ({ x, y, width, height }: Box): BoxForm => ({
  ...{ x: String(x), y: String(y), width: String(width), height: String(height) },
});

/** The box that is typed, or what is wrong with it. */
export function readBox(form: BoxForm, target: Size): Box | string {
  const [x, y, width, height] = boxSides.map((side) => numberOf(form[side]) ?? NaN) as [number, number, number, number];
  const box = { x, y, width, height };
  if (![x, y, width, height].every((value) => Number.isInteger(value) && value >= 0))
    return 'Mark a region on the image, or type its four numbers in whole pixels.';
  if (width < 1 || height < 1 || !isWithin(box, target))
    return `The region must lie within the target, ${formatSize(target)} pixels.`;
  return box;
}

/** The interventions that hold or wait. An edit that was run is an iteration, and a job that went on has done so. */
export const openInterventions = (interventions: readonly Intervention[]): Intervention[] =>
  interventions.filter(isWithdrawable);

export const kindWords: Record<Intervention['kind'], string> = {
  fix: 'Fix',
  lock: 'Locked',
  edit: 'Edit by hand',
  branch: 'Go on from',
  continue: 'Continued',
};

/** The regions that are to be fixed or kept, each with its name in the viewer. */
export const steeredRegions = (interventions: readonly Intervention[]): { id: string; name: string; box: Box }[] =>
  openInterventions(interventions).flatMap((intervention) => {
    if (intervention.kind !== 'fix' && intervention.kind !== 'lock') return [];
    const { id, kind, box } = intervention;
    return [{ id, box, name: kind === 'lock' ? kindWords.lock : `${kindWords.fix}: ${intervention.words}` }];
  });

export const holdsWords = ({ fromIteration }: Intervention): string =>
  fromIteration === null ? 'from the next round on' : `since iteration ${fromIteration}`;

/** The settings that may change, as they are typed. */
export interface SettingsForm {
  model: string;
  threshold: string;
  maxIterations: string;
  patience: string;
  maxTokens: string;
  maxSeconds: string;
  maxCost: string;
}

const typed = (value: number | undefined): string => (value === undefined ? '' : String(value));

export const settingsOf = ({ model, policy, budget }: Job): SettingsForm => ({
  model,
  threshold: typed(policy.threshold),
  maxIterations: typed(policy.maxIterations),
  patience: typed(policy.patience),
  maxTokens: typed(budget.maxTokens),
  maxSeconds: typed(budget.maxSeconds),
  maxCost: typed(budget.maxCost),
});

/** The settings that differ from the job's. A limit whose field was emptied is lifted. */
export function changesOf(form: SettingsForm, job: Job): SettingsChanges {
  const policy = differing(
    {
      threshold: numberOf(form.threshold),
      maxIterations: numberOf(form.maxIterations),
      patience: numberOf(form.patience),
    },
    job.policy,
  );
  const limit = (field: keyof Budget) => numberOf(form[field]) ?? (job.budget[field] === undefined ? undefined : null);
  const budget = differing(
    { maxTokens: limit('maxTokens'), maxSeconds: limit('maxSeconds'), maxCost: limit('maxCost') },
    job.budget,
  );
  const model = form.model.trim() === job.model ? undefined : form.model.trim();
  return {
    ...(Object.keys(policy).length > 0 && { policy }),
    ...(Object.keys(budget).length > 0 && { budget }),
    ...(model !== undefined && { model }),
  };
}

function differing<T extends object>(fields: T, current: Partial<Record<keyof T, unknown>>): Partial<T> {
  const entries = Object.entries(present(fields)).filter(([name, value]) => current[name as keyof T] !== value);
  return Object.fromEntries(entries) as Partial<T>;
}

/** The invalid fields of changes before they are sent. */
export const settingsErrors = (changes: SettingsChanges): FieldErrors => errorsOfSchema(settingsChangesSchema, changes);
