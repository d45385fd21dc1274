import type { ExportFormat, ExportOptions } from '@pentimento/contracts';

/** An option that a format may use; splits and the license are every format's. */
export type FormatOption = keyof Omit<ExportOptions, 'splits' | 'license' | 'rewardVersion'>;

interface FormatNotes {
  /** How a trainer is told to load the files (docs/datasets.md); DIR is the folder of the extracted archive. */
  loader: string;
  /** Which options it uses. */
  options: readonly FormatOption[];
}

const train = 'load_dataset("parquet", data_files="DIR/train.parquet", split="train")';
const trl = (trainer: string, settings = '') => `${trainer}(..., ${settings}train_dataset=${train})`;
/** Truncation would cut images. */
const whole = (config: string) => `args=${config}(max_length=None), `;
const verl = 'data.train_files=DIR/train.parquet data.val_files=DIR/validation.parquet';
const swift = (command: string) => `swift ${command} --dataset DIR/train.parquet`;
const lines = (file: string, read = 'json.loads') => `[${read}(line) for line in open("DIR/${file}")]`;
const episodes = lines('traces.jsonl', 'WireEpisode.model_validate_json');

/** What the formats are for, in the order in which they are shown. A format that is not listed is shown last. */
const groups: readonly { title: string; formats: Readonly<Record<string, FormatNotes>> }[] = [
  {
    title: 'RL prompts',
    formats: {
      easyr1: {
        loader: `${verl} data.prompt_key=problem data.answer_key=answer data.image_key=images data.format_prompt=null data.max_prompt_length=16384 worker.rollout.limit_images=32`,
        options: [],
      },
      'verl-rl': { loader: `${verl} data.image_key=images data.max_prompt_length=16384`, options: [] },
      'trl-grpo': { loader: trl('GRPOTrainer'), options: [] },
      'swift-grpo': { loader: swift('rlhf --rlhf_type grpo'), options: [] },
    },
  },
  {
    title: 'Fine-tuning',
    formats: {
      'verl-sft': { loader: `${verl} data.messages_key=messages data.max_length=32768`, options: ['improvedOnly'] },
      'trl-sft': { loader: trl('SFTTrainer', whole('SFTConfig')), options: ['improvedOnly'] },
      'swift-sft': { loader: swift('sft'), options: ['improvedOnly'] },
      'vincicoder-sft': { loader: `${train}.cast_column("image", Image())`, options: [] },
    },
  },
  {
    title: 'Preferences',
    formats: {
      'trl-dpo': { loader: trl('DPOTrainer', whole('DPOConfig')), options: ['margin'] },
      'swift-dpo': { loader: swift('rlhf --rlhf_type dpo'), options: ['margin'] },
      'trl-kto': { loader: trl('KTOTrainer', whole('KTOConfig')), options: ['threshold'] },
      'swift-kto': { loader: swift('rlhf --rlhf_type kto'), options: ['threshold'] },
    },
  },
  {
    title: 'Trajectories',
    formats: {
      'multi-turn': { loader: lines('train.jsonl'), options: [] },
      verifiers: { loader: episodes, options: [] },
      'verifiers-trajectories': { loader: episodes, options: [] },
      slime: { loader: '[Sample.from_dict(json.loads(line)) for line in open("DIR/train.jsonl")]', options: [] },
      'visual-reflection': { loader: lines('train.jsonl'), options: [] },
    },
  },
  {
    title: 'Critic',
    formats: { critic: { loader: swift('sft'), options: [] } },
  },
  {
    title: 'General',
    formats: {
      parquet: { loader: 'load_dataset("DIR")', options: [] },
      folder: { loader: 'load_dataset("DIR")', options: [] },
      jsonl: { loader: lines('traces.jsonl'), options: [] },
    },
  },
];

const notes: ReadonlyMap<string, FormatNotes> = new Map(groups.flatMap(({ formats }) => Object.entries(formats)));

export interface FormatGroup {
  title: string;
  formats: ExportFormat[];
}

/** The formats of the server by what they are for; groups without one are left out. */
export function formatGroups(formats: readonly ExportFormat[]): FormatGroup[] {
  const listed = groups.map((group) => ({
    title: group.title,
    formats: Object.keys(group.formats).flatMap((id) => formats.filter((format) => format.id === id)),
  }));
  const others = { title: 'Other', formats: formats.filter(({ id }) => !notes.has(id)) };
  return [...listed, others].filter((group) => group.formats.length > 0);
}

/** How the files are loaded; null where it is not known. */
export const loaderOf = (format: string): string | null => notes.get(format)?.loader ?? null;

const allOptions: readonly FormatOption[] = ['improvedOnly', 'margin', 'threshold'];

/** The options that the format uses, and the others. */
export function splitOptions(format: string): { used: readonly FormatOption[]; others: readonly FormatOption[] } {
  const used = notes.get(format)?.options ?? allOptions;
  return { used, others: allOptions.filter((option) => !used.includes(option)) };
}

/** A format's name for people; its id where the server does not list it, or does not yet. */
export const titleOfFormat = (formats: readonly ExportFormat[], id: string): string =>
  formats.find((format) => format.id === id)?.title ?? id;
