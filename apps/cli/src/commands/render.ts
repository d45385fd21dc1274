import { deviceScaleSchema, type RenderRequest, type RenderResult, type Size } from '@pentimento/contracts';
import { exitCodes, CliError, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { readCode, save } from '../input/files.ts';
import { watchInterrupts } from '../terminal/interrupts.ts';
import { languageOf } from '../input/languages.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { openRenderers, validated } from '../local/engines.ts';
import { formatDuration } from '../output/progress-formatter.ts';

export interface RenderOptions {
  language?: string;
  out: string;
  size: string;
  deviceScale?: number;
  reference?: string;
  json?: boolean;
}

/** Renders code as PNG in the same sandbox as a model's code. Needs no server. Exits with 1 where nothing renders. */
export async function render(file: string, options: RenderOptions, terminal: Terminal): Promise<ExitCode> {
  const language = languageOf(options.language, file);
  const size = readSize(options.size);
  const deviceScale = readDeviceScale(options.deviceScale);
  const reference = options.reference === undefined ? undefined : await readCode(options.reference);
  const code = await readCode(file, terminal);
  using interrupts = watchInterrupts(terminal);
  const request = { language, code, size, deviceScale, trusted: false, ...(reference !== undefined && { reference }) };
  const result = await renderCode(request, interrupts.first, terminal);
  if (result.status === 'ok') await save(options.out, result.image);
  if (options.json) terminal.data(JSON.stringify(describe(result, options.out)));
  if (result.status === 'failed')
    throw new CliError(`${nameOf(file)} renders nothing (${result.kind}): ${result.message}`);
  terminal.progress(`${result.width} x ${result.height} in ${formatDuration(result.ms)} by ${result.renderer}`);
  if (result.molecule) terminal.progress(moleculeLine(result.molecule));
  if (result.bitmapShare) terminal.progress(bitmapLine(result.bitmapShare));
  if (result.log) terminal.progress(result.log);
  if (!options.json) terminal.data(options.out);
  return exitCodes.done;
}

const nameOf = (file: string): string => (file === '-' ? 'The code' : file);

/** The reply of `POST /v1/renders`, with the file's path in place of the image. */
function describe(result: RenderResult, out: string) {
  return result.status === 'ok' ? { ...result, image: out } : result;
}

export function moleculeLine({ canonical, similarity }: { canonical: string; similarity: number | null }): string {
  return `molecule ${canonical}${similarity === null ? '' : `, similarity ${similarity.toFixed(4)}`}`;
}

/** @param share of the render's area, above 0. */
export const bitmapLine = (share: number): string =>
  `embedded bitmaps cover ${share < 0.01 ? 'less than 1' : Math.round(100 * share)} % of it`;

/** `WIDTHxHEIGHT` in pixels. */
function readSize(text: string): Size {
  const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text) ?? [];
  if (!width || !height)
    throw usageError(`"${text}" is not a size: give --size WIDTHxHEIGHT in pixels, e.g. 1024x768.`);
  return { width: Number(width), height: Number(height) };
}

export function readDeviceScale(value = 1): number {
  const parsed = deviceScaleSchema.safeParse(value);
  if (!parsed.success) throw usageError(`${value} is not a device scale: give --device-scale from 1 to 4, e.g. 2.`);
  return parsed.data;
}

/** One render with its own renderers, which it closes. */
async function renderCode(request: RenderRequest, signal: AbortSignal, terminal: Terminal): Promise<RenderResult> {
  const renderers = openRenderers(validated(terminal.settings), { concurrency: 1 });
  try {
    return await renderers.render(request, signal);
  } catch (error) {
    if (signal.aborted) throw new CliError('Stopped before there was an image.', { exitCode: exitCodes.interrupted });
    throw error;
  } finally {
    await renderers.close();
  }
}
