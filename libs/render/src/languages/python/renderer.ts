import { createHash } from 'node:crypto';
import { renderInFork, type PythonZygote } from '@pentimento/runtimes';
import { orAborted } from '@pentimento/abort';
import { outcomeOfPng } from '../../image/png-outcome.ts';
import { warmBrowser } from '../../pages/browser.ts';
import { renderPlotly } from '../../pages/plotly.ts';
import { isWithinLimits, renderLimits } from '../../port/limits.ts';
import { failed, type Outcome } from '../../port/outcome.ts';
import { describeVersion } from '../../port/versions.ts';
import type { RendererFactory, RenderOptions, RenderOutput } from '../../port/renderer.ts';
import { readForkResult, type ForkOutput } from '../../zygote/fork-output.ts';
import { statusOfPython, warmPython } from '../../zygote/warm-python.ts';
import { createRenderer as createSvgRenderer } from '../svg/renderer.ts';

const missing =
  'Python with matplotlib is not installed: run "npm run setup -- --only python", or name an interpreter in PENTIMENTO_PYTHON.';
const browserMissing = 'Plotly figures are rendered by a browser: run "npm run setup -- --only html".';

/** Runs a Python program. Its image is the one that it saves or shows last. */
export const createRenderer: RendererFactory = (context) => {
  const python = context.shared(warmPython);
  const browser = context.shared(warmBrowser);
  const svg = context.shared(createSvgRenderer);

  async function imageIn(
    answer: ForkOutput,
    renderer: string,
    options: RenderOptions,
    signal: AbortSignal,
  ): Promise<RenderOutput> {
    if (answer.form === 'failure') return { ...answer.outcome, renderer };
    if (answer.form === 'svg') {
      if (answer.svg.length > renderLimits.maxCodeLength) return { ...tooLong(answer.svg), renderer };
      return withName(await svg.render(answer.svg, { ...options, mode: 'target' }, signal), renderer);
    }
    const size = { width: answer.width, height: answer.height };
    if (!isWithinLimits(size)) {
      return { ...failed('too-large', `An image of ${size.width}x${size.height} pixels is too large.`), renderer };
    }
    if (answer.form === 'png') {
      const content = { text: null, bitmapShare: answer.bitmapShare };
      return { ...(await outcomeOfPng(answer.png, size, answer.log, content)), renderer };
    }
    if (!browser) return { ...failed('unavailable', browserMissing), renderer };
    const scaled = { ...size, scale: answer.scale };
    return withName(await renderPlotly(answer.figure, scaled, browser, options.deadlineMs, signal), renderer);
  }

  return {
    status: () => statusOfPython(python, 'matplotlib', missing, nameOf, versionsOf),

    async render(code, options, signal) {
      if (!python || !(await orAborted(python.get(), signal)).versions['matplotlib']) {
        return { ...failed('unavailable', missing), renderer: 'python' };
      }
      const startedAt = performance.now();
      const { zygote, result } = await renderInFork({ kind: 'python', code }, python, options.deadlineMs, signal);
      const renderer = nameOf(zygote);
      if (!result) return { ...failed('runtime', 'The code crashed the Python that ran it.'), renderer };
      const deadlineMs = Math.max(1, options.deadlineMs - (performance.now() - startedAt));
      return imageIn(readForkResult(result), renderer, { ...options, deadlineMs }, signal);
    },
  };
};

const tooLong = ({ length }: string): Outcome =>
  failed(
    'too-large',
    `The SVG has ${length} characters: at most ${renderLimits.maxCodeLength} are rendered. Draw less.`,
  );

const withName = (output: RenderOutput, renderer: string): RenderOutput => ({
  ...output,
  renderer: `${renderer}, ${output.renderer}`,
});

/** The libraries whose interfaces change most from version to version. */
const described = ['matplotlib', 'seaborn', 'numpy', 'pandas', 'scipy', 'networkx', 'plotly'];

function versionsOf({ versions }: PythonZygote): string {
  const libraries = described.filter((name) => versions[name] !== undefined);
  return ['python', ...libraries]
    .map((name) => describeVersion(name === 'python' ? 'Python' : name, versions[name]!))
    .join(', ');
}

/** The versions that decide most pixels by name, and a digest of all. */
function nameOf({ versions }: PythonZygote): string {
  const all = createHash('sha256').update(JSON.stringify(versions)).digest('hex').slice(0, 8);
  return `python-${versions['python']} matplotlib-${versions['matplotlib']} libraries-${all}`;
}
