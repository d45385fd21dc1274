import { createHash } from 'node:crypto';
import { drawPlotly } from '../../pages/plotly.ts';
import { isWithin, renderLimits } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import { pictureOf } from '../../image/picture.ts';
import type { Drawing, DrawingTerms, Renderer, Slot } from '../../port/renderer.ts';
import { orAborted } from '@pentimento/sandbox';
import { svg } from '../svg/svg.ts';
import { readAnswer, type Answer } from './answer.ts';
import { drawOnZygote, type PythonZygote } from '@pentimento/runtimes';

const missing =
  'Python with matplotlib is not installed: run "npm run setup -- --only python", or name an interpreter in PENTIMENTO_PYTHON.';
const browserMissing = 'Plotly figures are drawn by a browser: run "npm run setup -- --only html".';
export const singleUse =
  'The kernel allows no namespaces within the sandbox, so each render starts a Python of its own, which takes seconds.';

/** A Python program, whose picture is what it saves or shows. */
export const python: Renderer = {
  async state({ python: standing }) {
    if (!standing) return { available: false, renderer: null, reason: missing };
    try {
      const zygote = await standing.get();
      if (!zygote.versions['matplotlib']) return { available: false, renderer: null, reason: missing };
      return { available: true, renderer: nameOf(zygote), reason: zygote.isLasting ? null : singleUse };
    } catch (error) {
      return { available: false, renderer: null, reason: (error as Error).message };
    }
  },

  async draw(code, terms, slot, signal) {
    const { python: standing } = slot;
    if (!standing || !(await orAborted(standing.get(), signal)).versions['matplotlib']) {
      return { ...failed('unavailable', missing), renderer: 'python' };
    }
    const startedAt = performance.now();
    const { zygote, remains } = await drawOnZygote({ kind: 'python', code }, standing, terms.deadlineMs, signal);
    const renderer = nameOf(zygote);
    if (!remains) return { ...failed('runtime', 'The code brought its Python down.'), renderer };
    const left = Math.max(1, terms.deadlineMs - (performance.now() - startedAt));
    return pictureIn(readAnswer(remains), renderer, { ...terms, deadlineMs: left }, slot, signal);
  },
};

async function pictureIn(
  answer: Answer,
  renderer: string,
  terms: DrawingTerms,
  slot: Slot,
  signal: AbortSignal,
): Promise<Drawing> {
  if (answer.form === 'failure') return { ...answer.outcome, renderer };
  if (answer.form === 'svg') return named(await svg.draw(answer.svg, terms, slot, signal), renderer);
  const size = { width: answer.width, height: answer.height };
  if (!isWithin(size, renderLimits.drawingSide)) {
    return { ...failed('too-large', `A picture of ${size.width}x${size.height} pixels is too large.`), renderer };
  }
  if (answer.form === 'png') return { ...(await pictureOf(answer.png, size, answer.log)), renderer };
  if (!slot.browser) return { ...failed('unavailable', browserMissing), renderer };
  const scaled = { ...size, scale: answer.scale };
  return named(await drawPlotly(answer.figure, scaled, slot.browser, terms.deadlineMs, signal), renderer);
}

const named = (drawing: Drawing, renderer: string): Drawing => ({
  ...drawing,
  renderer: `${renderer}, ${drawing.renderer}`,
});

/** What decides most pixels by name; a digest of the rest. */
function nameOf({ versions }: PythonZygote): string {
  const rest = createHash('sha256').update(JSON.stringify(versions)).digest('hex').slice(0, 8);
  return `python-${versions['python']} matplotlib-${versions['matplotlib']} libraries-${rest}`;
}
