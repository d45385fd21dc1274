import type { RenderRequest, RenderResult, Size } from '@pentimento/contracts';
import { createRenderers } from '@pentimento/render';
import { exitCodes, Fault, usageFault, type ExitCode } from '../fault.ts';
import { readCode, save } from '../files.ts';
import { watchInterrupts } from '../interrupts.ts';
import { languageOf } from '../languages.ts';
import type { Terminal } from '../terminal.ts';
import { duration } from '../trajectory-lines.ts';

export interface RenderOptions {
  language?: string;
  out: string;
  size: string;
}

/** Draws code as PNG, behind the same wall as a model's code. Needs no server. */
export async function render(file: string, options: RenderOptions, terminal: Terminal): Promise<ExitCode> {
  const language = languageOf(options.language, file);
  const size = readSize(options.size);
  const code = await readCode(file);
  using interrupts = watchInterrupts(terminal);
  const result = await renderCode({ language, code, size, trusted: false }, interrupts.first, terminal);
  if (result.status === 'failed') throw new Fault(`${file} draws nothing (${result.kind}): ${result.message}`);
  await save(options.out, result.image);
  terminal.progress(`${result.width} x ${result.height} in ${duration(result.ms)} by ${result.renderer}`);
  if (result.log) terminal.progress(result.log);
  terminal.data(options.out);
  return exitCodes.done;
}

/** `WIDTHxHEIGHT` in pixels. */
function readSize(text: string): Size {
  const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text) ?? [];
  if (!width || !height) throw usageFault(`"${text}" is no size: give --size WIDTHxHEIGHT in pixels, e.g. 1024x768.`);
  return { width: Number(width), height: Number(height) };
}

export const allowsUnsandboxed = ({ environment }: Terminal): boolean =>
  environment.PENTIMENTO_ALLOW_UNSANDBOXED === 'yes';

/** One render with renderers of its own, closed again after it. */
export async function renderCode(
  request: RenderRequest,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<RenderResult> {
  const renderers = createRenderers({ slots: 1, allowUnsandboxed: allowsUnsandboxed(terminal) });
  try {
    return await renderers.render(request, signal);
  } catch (error) {
    if (signal.aborted) throw new Fault('Stopped before there was an image.', { exitCode: exitCodes.interrupted });
    throw error;
  } finally {
    await renderers.close();
  }
}
