import { rewardVersionId, type ExportManifest, type RewardVersion } from '@pentimento/contracts';
import type { TableFiles } from '../tables/table.ts';
import { traceVersion, type Trace } from '../trace.ts';
import type { Drop } from './drops.ts';
import type { ExportContext, ExportedTrace, TraceExporter } from './exporter.ts';

/** Counts what an export writes, and describes it in `manifest.json`. */
export class ManifestWriter {
  readonly #files: ExportContext['files'];
  readonly #manifest: ExportManifest;
  readonly #rewardVersions = new Map<string, RewardVersion>();

  constructor({ id }: TraceExporter, { files, codeVersion, filter, options }: ExportContext) {
    this.#files = files;
    this.#manifest = {
      manifestVersion: 1,
      format: id,
      traceVersion,
      ...{ codeVersion, filter, options },
      traces: 0,
      units: 0,
      rows: { train: 0, validation: 0, test: 0 },
      drops: {},
      rewardVersions: [],
      files: [],
    };
  }

  /** The files of the export, recorded as they are closed. */
  get files(): TableFiles {
    return {
      open: async (path) => {
        const file = await this.#files.open(path);
        return {
          write: (data) => file.write(data),
          close: async () => void this.#manifest.files.push({ path, ...(await file.close()) }),
        };
      },
    };
  }

  count(exported: ExportedTrace | null, rows: number, drops: readonly Drop[]): void {
    const manifest = this.#manifest;
    manifest.traces += 1;
    manifest.units += rows + drops.length;
    for (const { reason } of drops) manifest.drops[reason] = (manifest.drops[reason] ?? 0) + 1;
    if (!exported) return;
    manifest.rows[exported.split] += rows;
    for (const version of rewardVersionsIn(exported.trace)) this.#rewardVersions.set(rewardVersionId(version), version);
  }

  async write(): Promise<ExportManifest> {
    const rewardVersions = [...this.#rewardVersions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, version]) => version);
    const manifest = { ...this.#manifest, rewardVersions };
    const file = await this.#files.open('manifest.json');
    for (const text of manifestText(manifest)) await file.write(text);
    await file.close();
    return manifest;
  }
}

/** Files whose lines are written at a time. */
const batch = 1000;

/** The manifest as JSON in parts: with an image a file, its list of files can be longer than a text can be. */
function* manifestText({ files, ...rest }: ExportManifest): Generator<string> {
  yield `${JSON.stringify(rest, null, 2).slice(0, -'\n}'.length)},\n  "files": [`;
  for (let start = 0; start < files.length; start += batch) {
    const lines = files.slice(start, start + batch).map((file) => `\n    ${JSON.stringify(file)}`);
    yield `${start === 0 ? '' : ','}${lines.join(',')}`;
  }
  yield '\n  ]\n}\n';
}

function rewardVersionsIn({ iterations }: Trace): RewardVersion[] {
  return iterations
    .flatMap(({ candidates }) => candidates)
    .map(({ reward: { version, encoder, preprocessing } }) => ({ version, encoder, preprocessing }));
}
