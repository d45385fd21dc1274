import type { ExportFormat, ExportOptions } from '@pentimento/contracts';

/** An option that a format may use; splits and the license are every format's. */
export type FormatOption = keyof Omit<ExportOptions, 'splits' | 'license' | 'rewardVersion'>;

interface FormatNotes {
  /** How its trainer is told to load the files; DATASET is the folder of the extracted archive. */
  loader: string;
  /** Undefined: unknown, so that any may be used. */
  options?: readonly FormatOption[];
}

const parquet = 'load_dataset("parquet", data_files="DATASET/train.parquet", split="train")';
const jsonLines = (file: string) => `[json.loads(line) for line in open("DATASET/${file}")]`;

const episodes = '[WireEpisode.model_validate_json(line) for line in open("DATASET/traces.jsonl")]';

/** What the formats are for, in the order in which they are shown. A format that is not listed is shown last. */
const groups: readonly { title: string; formats: Readonly<Record<string, FormatNotes>> }[] = [
  {
    title: 'RL prompts',
    formats: {
      easyr1: {
        loader:
          'data.train_files=DATASET/train.parquet data.prompt_key=problem data.answer_key=answer data.image_key=images',
        options: [],
      },
      'verl-rl': { loader: 'data.train_files=DATASET/train.parquet data.image_key=images', options: [] },
      'trl-grpo': { loader: parquet, options: [] },
      'swift-grpo': { loader: 'swift rlhf --rlhf_type grpo --dataset DATASET/train.parquet', options: [] },
    },
  },
  {
    title: 'Fine-tuning',
    formats: {
      'verl-sft': {
        loader: 'data.train_files=DATASET/train.parquet data.messages_key=messages',
        options: ['improvedOnly'],
      },
      'trl-sft': { loader: parquet, options: ['improvedOnly'] },
      'swift-sft': { loader: 'swift sft --dataset DATASET/train.parquet', options: ['improvedOnly'] },
      'vincicoder-sft': { loader: parquet, options: [] },
    },
  },
  {
    title: 'Preferences',
    formats: {
      'trl-dpo': { loader: parquet, options: ['margin'] },
      'swift-dpo': { loader: 'swift rlhf --rlhf_type dpo --dataset DATASET/train.parquet', options: ['margin'] },
      'trl-kto': { loader: parquet, options: ['threshold'] },
      'swift-kto': { loader: 'swift rlhf --rlhf_type kto --dataset DATASET/train.parquet', options: ['threshold'] },
    },
  },
  {
    title: 'Trajectories',
    formats: {
      'multi-turn': { loader: jsonLines('train.jsonl'), options: [] },
      verifiers: { loader: episodes, options: [] },
      'verifiers-trajectories': { loader: episodes, options: [] },
      slime: { loader: '[Sample.from_dict(json.loads(line)) for line in open("DATASET/train.jsonl")]', options: [] },
      'visual-reflection': { loader: jsonLines('train.jsonl'), options: [] },
    },
  },
  {
    title: 'Critic',
    formats: { critic: { loader: 'swift sft --dataset DATASET/train.parquet', options: [] } },
  },
  {
    title: 'General',
    formats: {
      parquet: { loader: 'load_dataset("DATASET")', options: [] },
      folder: { loader: 'load_dataset("DATASET")', options: [] },
      jsonl: { loader: jsonLines('traces.jsonl'), options: [] },
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
