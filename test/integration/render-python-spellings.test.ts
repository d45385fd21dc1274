import { createHash } from 'node:crypto';
import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const size = { width: 640, height: 480 };
let renderers: RenderService;
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 1, deadlineMs: 20_000, cacheBytes: 0 });
  expect((await renderers.states(['python']))[0]).toMatchObject({ available: true });
});
afterAll(() => renderers.close());

const render = (code: string): Promise<RenderResult> =>
  renderers.render({ language: 'python', code, size, trusted: false }, new AbortController().signal);

async function renderCode(code: string): Promise<RenderResult & { status: 'ok' }> {
  const result = await render(code);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

const digestOf = (image: Uint8Array): string => createHash('sha256').update(image).digest('hex');
const pixelsOf = async (code: string): Promise<string> => digestOf((await renderCode(code)).image);

const imports = `import numpy as np, pandas as pd, seaborn as sns, matplotlib, matplotlib.pyplot as plt
fig, ax = plt.subplots(figsize=(3, 2))
`;
const frame = "d = pd.DataFrame({'k': list('aabbc'), 'v': [1, 3, 2, 5, 4], 'g': list('xyxyx')})\n";
const months = "s = pd.Series(range(90), pd.date_range('2024-01-01', periods=90))\n";

describe('code for newer releases', () => {
  // Each pair is drawn by the same library, so that the older spelling says what the newer one must give.
  it.each([
    [
      'boxplot(tick_labels=)',
      "ax.boxplot([[1, 2], [2, 5]], tick_labels=['p', 'q'])",
      "ax.boxplot([[1, 2], [2, 5]], labels=['p', 'q'])",
    ],
    [
      'bar_label with a format of braces',
      "ax.bar_label(ax.bar(['a', 'b'], [1, 2.5]), fmt='{:.2f}')",
      "ax.bar_label(ax.bar(['a', 'b'], [1, 2.5]), fmt='%.2f')",
    ],
    [
      'bar_label with a function',
      "ax.bar_label(ax.bar(['a', 'b'], [1, 2.5]), fmt=lambda v: f'{v:.2f}')",
      "ax.bar_label(ax.bar(['a', 'b'], [1, 2.5]), fmt='%.2f')",
    ],
    [
      'legend_handles',
      "ax.plot([1, 2], label='x'); ax.legend().legend_handles[0].set_color('red')",
      "ax.plot([1, 2], label='x'); ax.legend().legendHandles[0].set_color('red')",
    ],
    ['ecdf', 'ax.ecdf([3, 1, 2, 2])', "ax.plot([1, 1, 2, 2, 3], [0, .25, .5, .75, 1], drawstyle='steps-post')"],
    ['np.trapezoid', 'ax.set_title(np.trapezoid([1, 2, 4]))', 'ax.set_title(np.trapz([1, 2, 4]))'],
    ['np.concat', 'ax.plot(np.concat([[1], [3, 2]]))', 'ax.plot(np.concatenate([[1], [3, 2]]))'],
    ['np.cumulative_sum', 'ax.plot(np.cumulative_sum([1, 3, 2]))', 'ax.plot(np.cumsum([1, 3, 2]))'],
    ['np.unstack', 'a, b = np.unstack(np.eye(2)); ax.plot(a, b)', 'a, b = np.eye(2); ax.plot(a, b)'],
    ['np.bool', 'ax.imshow(np.array([[0, 1]], dtype=np.bool))', 'ax.imshow(np.array([[0, 1]], dtype=bool))'],
    [
      'DataFrame.map',
      `${frame}ax.plot(d[['v']].map(lambda v: -v))`,
      `${frame}ax.plot(d[['v']].applymap(lambda v: -v))`,
    ],
    ['resample("ME")', `${months}s.resample('ME').sum().plot(ax=ax)`, `${months}s.resample('M').sum().plot(ax=ax)`],
    [
      'date_range("QE")',
      "ax.set_title(pd.date_range('2024-01-01', periods=2, freq='QE')[1])",
      "ax.set_title(pd.date_range('2024-01-01', periods=2, freq='Q')[1])",
    ],
    [
      'barplot(legend=False)',
      `${frame}sns.barplot(data=d, x='k', y='v', hue='g', errorbar=None, legend=False)`,
      `${frame}sns.barplot(data=d, x='k', y='v', hue='g', errorbar=None).get_legend().remove()`,
    ],
    [
      'a hue that repeats x',
      `${frame}sns.boxplot(data=d, x='k', y='v', hue='k', palette='Set2')`,
      `${frame}sns.boxplot(data=d, x='k', y='v', palette='Set2')`,
    ],
    [
      'err_kws',
      `${frame}sns.barplot(data=d, x='k', y='v', err_kws={'color': 'red', 'linewidth': 1}, seed=0)`,
      `${frame}sns.barplot(data=d, x='k', y='v', errcolor='red', errwidth=1, seed=0)`,
    ],
    [
      'density_norm',
      `${frame}sns.violinplot(data=d, x='g', y='v', density_norm='width')`,
      `${frame}sns.violinplot(data=d, x='g', y='v', scale='width')`,
    ],
  ])('%s is drawn as it is spelled today', async (_what, newer, older) => {
    expect(await pixelsOf(imports + newer)).toBe(await pixelsOf(imports + older));
  });

  it('that no spelling can help is told the versions of the libraries', async () => {
    expect(await render(`${imports}ax.no_such_method()`)).toMatchObject({
      status: 'failed',
      kind: 'runtime',
      message: expect.stringMatching(/matplotlib 3\.\d+\.\d+, .*numpy \d.*: write for these versions\.\n {2}line 3:/),
    });
  });
});

describe('a library', () => {
  it.each([
    [
      'sklearn',
      'from sklearn.cluster import KMeans\nax.scatter(*KMeans(2, n_init=1, random_state=0).fit([[0, 0], [1, 1], [9, 9]]).cluster_centers_.T)',
    ],
    [
      'statsmodels',
      'import statsmodels.api as sm\nax.plot(sm.OLS([1, 2, 4], sm.add_constant([0, 1, 2])).fit().fittedvalues)',
    ],
    ['matplotlib_venn', 'from matplotlib_venn import venn2\nvenn2((3, 2, 1))'],
  ])('of the smaller ones that charts use is there: %s', async (_name, code) => {
    expect((await renderCode(imports + code)).width).toBeGreaterThan(100);
  });

  it('that is not installed is answered with those that are', async () => {
    expect(await render('import squarify_two')).toMatchObject({
      kind: 'runtime',
      message: expect.stringMatching(
        /No module named 'squarify_two'\nIt is not installed\. These are: matplotlib .*seaborn.*sklearn/,
      ),
    });
  });
});

describe('code of a notebook', () => {
  const plot = 'fig, ax = plt.subplots(figsize=(2, 2)); ax.plot([1, 2])\n';
  const plain = `import matplotlib.pyplot as plt\n${plot}plt.savefig('a.png')`;

  it.each([
    [
      'magics',
      `%matplotlib inline\n!pip install -q seaborn\nimport matplotlib.pyplot as plt\n%config InlineBackend.figure_format = 'retina'\n${plot}plt.show()`,
    ],
    ['cell magics', `%%capture\nimport matplotlib.pyplot as plt\n${plot}`],
    [
      'display',
      `import matplotlib.pyplot as plt\nfrom IPython.display import display\n${plot}display(fig)\nplt.close()`,
    ],
    [
      'get_ipython',
      `from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')\nimport matplotlib.pyplot as plt\n${plot}`,
    ],
  ])('with %s is drawn as a script', async (_what, code) => {
    expect(await pixelsOf(code)).toBe(await pixelsOf(plain));
  });

  it('says which lines were left out', async () => {
    expect((await renderCode(`%matplotlib inline\nimport matplotlib.pyplot as plt\n${plot}`)).log).toContain(
      'begin with % or !',
    );
  });

  it('shows the SVG that it ends with', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="9" fill="red"/></svg>';
    expect(await renderCode(`from IPython.display import SVG\nSVG('${svg}')`)).toMatchObject({ width: 30, height: 20 });
  });

  it('keeps the numbers of its lines in an error', async () => {
    expect(await render('%matplotlib inline\n!ls\nx = 1 / 0')).toMatchObject({
      message: expect.stringContaining('line 3: x = 1 / 0'),
    });
  });
});

describe('text', () => {
  const title = (family: string) =>
    `import matplotlib.pyplot as plt\nplt.rcParams['font.family'] = '${family}'\nplt.figure(figsize=(3, 2)).text(.1, .5, 'Quick fox 123')`;

  it.each([
    ['Times New Roman', 'Liberation Serif'],
    ['Arial', 'Liberation Sans'],
    ['Helvetica', 'Liberation Sans'],
    ['Courier New', 'Liberation Mono'],
    ['Calibri', 'Carlito'],
    ['Cambria', 'Caladea'],
  ])('in %s has the widths of %s', async (family, twin) => {
    const twins = await renderCode(title(twin));
    expect(twins.log).toBe('');
    expect(await pixelsOf(title(family))).toBe(digestOf(twins.image));
    expect(await pixelsOf(title(family))).not.toBe(await pixelsOf(title('DejaVu Sans')));
  });

  const pillow = (font: string) =>
    `from PIL import Image, ImageDraw, ImageFont\nim = Image.new('RGB', (200, 60), 'white')\nImageDraw.Draw(im).text((5, 5), 'Quick fox', 'black', ImageFont.truetype('${font}', 24))\nim.save('a.png')`;

  it.each([
    ['arial.ttf', 'LiberationSans-Regular.ttf'],
    ['Arial Bold.ttf', 'LiberationSans-Bold.ttf'],
    ['arialbd.ttf', 'LiberationSans-Bold.ttf'],
    ['C:/Windows/Fonts/timesi.ttf', 'LiberationSerif-Italic.ttf'],
    ['cour.ttf', 'LiberationMono-Regular.ttf'],
  ])('of Pillow in %s is drawn in %s, which is said', async (font, twin) => {
    const result = await renderCode(pillow(font));
    expect(result.log).toContain(`${twin} is drawn in its place`);
    expect(digestOf(result.image)).toBe(await pixelsOf(pillow(twin)));
  });

  it('of Pillow in a font that nobody knows is an error', async () => {
    expect(await render(pillow('papyrus.ttf'))).toMatchObject({
      kind: 'runtime',
      message: expect.stringContaining('OSError'),
    });
  });

  it('that TeX would set is set by mathtext, which is said', async () => {
    const code = (first: string) =>
      `import matplotlib.pyplot as plt\n${first}plt.figure(figsize=(3, 2)).text(.1, .5, r'$\\alpha_i^2$')`;
    const result = await renderCode(code('plt.rc("text", usetex=True)\n'));
    expect(result.log).toContain('set by mathtext');
    expect(digestOf(result.image)).toBe(await pixelsOf(code('')));
  });

  it('with emoji shows their shapes', async () => {
    const code = (text: string) =>
      `import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 2)).text(.1, .5, '${text}', size=40)`;
    const result = await renderCode(code('🍇'));
    expect(result.log).not.toContain('missing from');
    expect(digestOf(result.image)).not.toBe(await pixelsOf(code('🍎')));
  });

  it('in Arabic is said to be drawn letter by letter', async () => {
    const { log } = await renderCode("import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 2)).text(.1, .5, 'سنة')");
    expect(log).toContain('not joined');
  });
});

it('says why RDKit cannot read a molecule', async () => {
  const code =
    "from rdkit import Chem\nfrom rdkit.Chem import Draw\nDraw.MolToImage(Chem.MolFromSmiles('c1ccc1C(C)(C)(C)C')).save('m.png')";
  expect(await render(code)).toMatchObject({
    kind: 'runtime',
    message: expect.stringMatching(/Null molecule.*\nRDKit says: Explicit valence for atom/),
  });
});
