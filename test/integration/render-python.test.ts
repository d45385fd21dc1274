import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const examples = resolve(import.meta.dirname, '../../examples');
const size = { width: 640, height: 480 };
const noAbort = new AbortController().signal;
const deadlineMs = 8000;

let renderers: RenderService;
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 1, deadlineMs, cacheBytes: 0 });
  const states = await renderers.states();
  expect(states.find((state) => state.language === 'python')).toMatchObject({
    available: true,
    isolation: 'sandbox',
    reason: null,
  });
});
afterAll(() => renderers.close());

const render = (code: string, signal = noAbort): Promise<RenderResult> =>
  renderers.render({ language: 'python', code, size, trusted: false }, signal);

async function renderCode(code: string): Promise<RenderResult & { status: 'ok' }> {
  const result = await render(code);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

const rawOf = (image: Uint8Array | string): Promise<Buffer> =>
  sharp(image).flatten({ background: 'white' }).toColourspace('srgb').raw().toBuffer();

/** The color of the pixel in the middle. */
async function middleOf(result: RenderResult & { status: 'ok' }): Promise<number[]> {
  const at = { left: result.width >> 1, top: result.height >> 1, width: 1, height: 1 };
  return [...(await sharp(result.image).extract(at).raw().toBuffer())];
}

/** Fills a figure with one color, and a text in a corner, so that it is not blank. */
const filled = (color: string, figure = 'fig'): string =>
  `${figure}.patch.set_facecolor('${color}'); ${figure}.text(0, 0, 'x')\n`;
const plt = 'import matplotlib.pyplot as plt\n';
const red = [255, 0, 0];
const blue = [0, 0, 255];

describe('the examples', () => {
  it.each(['grouped-bars', 'heatmap', 'log-scatter'])(
    '%s is rendered like its target, pixel for pixel',
    async (name) => {
      const result = await renderCode(readFileSync(`${examples}/${name}.py`, 'utf8'));
      expect((await rawOf(result.image)).equals(await rawOf(`${examples}/${name}.png`))).toBe(true);
      expect(result.renderer).toMatch(
        /^python-3\.\d+\.\d+ matplotlib-3\.\d+\.\d+ libraries-[0-9a-f]{8} fonts-[0-9a-f]{8}$/,
      );
    },
  );
});

describe('a figure is found', () => {
  const figure = `${plt}fig = plt.figure(figsize=(3, 2), dpi=50)\n${filled('red')}`;
  it.each<[string, string]>([
    ['saved under any name', "name = 'result'\nplt.savefig(f'{name}_final.png')"],
    ['saved to a joined path', "import os\nplt.savefig(os.path.join('missing', 'folder', 'x.png'))"],
    ['saved by keyword', "plt.savefig(fname='x.png', format='png')"],
    ['saved to a path object', "from pathlib import Path\nfig.savefig(Path('/mnt/data') / 'x.png')"],
    ['saved to a buffer', "import io\nb = io.BytesIO(); fig.savefig(b)\nassert b.getvalue()[:4] == b'\\x89PNG'"],
    ['saved as SVG', "plt.savefig('x.svg')\nassert open('x.svg').read().startswith('<?xml')"],
    ['saved as PDF', "plt.savefig('x.pdf', bbox_inches=None)"],
    ['saved as JPEG', "plt.savefig('x.jpg')"],
    [
      'saved page by page',
      "from matplotlib.backends.backend_pdf import PdfPages\nwith PdfPages('x.pdf') as p: p.savefig(fig)",
    ],
    ['printed by its canvas', "fig.canvas.print_figure('x.png')"],
    ['shown only', 'plt.show()'],
    ['shown by its method', 'fig.show()'],
    ['shown, then saved', "plt.show()\nplt.savefig('x.png')"],
    ['saved, then closed', "plt.savefig('x.png'); plt.close('all'); plt.show()"],
    ['neither saved nor shown', ''],
    ['saved under main', "if __name__ == '__main__':\n    plt.savefig('x.png')"],
    ['followed by an exit', "plt.savefig('x.png')\nimport sys; sys.exit(0)"],
    [
      'not managed by pyplot',
      'plt.close()\nfrom matplotlib.figure import Figure\nf = Figure(figsize=(3, 2), dpi=50)\n' + filled('red', 'f'),
    ],
  ])('%s', async (_, end) => {
    const result = await renderCode(figure + end);
    expect([result.width, result.height]).toEqual([150, 100]);
    expect(await middleOf(result)).toEqual(red);
  });

  it.each(['Agg', 'TkAgg', 'Qt5Agg', 'svg'])('with the backend %s set by hand', async (backend) => {
    const result = await renderCode(`import matplotlib\nmatplotlib.use('${backend}')\n${figure}plt.show()`);
    expect(await middleOf(result)).toEqual(red);
  });

  it('in the size, and with the background, of savefig', async () => {
    const result = await renderCode(`${figure}plt.savefig('x.png', dpi=200, facecolor='blue')`);
    expect([result.width, result.height]).toEqual([600, 400]);
    expect(await middleOf(result)).toEqual(blue);
  });

  it('on white if it is transparent', async () => {
    const result = await renderCode(
      `${plt}plt.figure(figsize=(2, 2)).text(0.1, 0.1, 'x')\nplt.savefig('x.png', transparent=True)`,
    );
    expect(await middleOf(result)).toEqual([255, 255, 255]);
  });

  it('in a tight bounding box', async () => {
    const result = await renderCode(
      `${plt}plt.figure().text(0.4, 0.5, 'middle')\nplt.savefig('x.png', bbox_inches='tight')`,
    );
    expect(result.width).toBeLessThan(150);
  });
});

describe('of several figures', () => {
  const two = `${plt}one = plt.figure(figsize=(2, 2))\n${filled('red', 'one')}two = plt.figure(figsize=(2, 2))\n${filled('blue', 'two')}`;
  it.each<[string, string, number[]]>([
    ['the last saved counts', "two.savefig('a.png'); one.savefig('b.png'); plt.show()", red],
    ['the last shown counts if none is saved', 'two.show(); one.show()', red],
    ['the newest counts if none is shown', '', blue],
    ['a saved one counts before a shown one', "one.savefig('a.png'); two.show()", red],
  ])('%s', async (_, end, color) => {
    expect(await middleOf(await renderCode(two + end))).toEqual(color);
  });

  it('one that is made after show is another', async () => {
    const code = `${plt}plt.plot([1, 2]); plt.show()\nassert not plt.get_fignums()\nfig = plt.gcf()\n${filled('blue')}plt.show()`;
    expect(await middleOf(await renderCode(code))).toEqual(blue);
  });
});

describe('libraries', () => {
  it.each<[string, string]>([
    [
      'pandas',
      "import pandas as pd\npd.DataFrame({'a': [1, 3], 'b': [2, 1]}).plot.bar().get_figure().savefig('x.png')",
    ],
    [
      'seaborn',
      "import seaborn as sns, numpy as np\nsns.set_theme()\ng = sns.relplot(x=[1, 2], y=[3, 1])\ng.savefig('x.png')",
    ],
    [
      'networkx',
      "import networkx as nx\nimport matplotlib.pyplot as plt\nnx.draw(nx.karate_club_graph(), with_labels=True)\nplt.savefig('x.png')",
    ],
    [
      'scipy',
      'import numpy as np\nfrom scipy.stats import norm\nimport matplotlib.pyplot as plt\nplt.plot(norm.pdf(np.linspace(-3, 3)))',
    ],
    [
      'Pillow',
      "from PIL import Image, ImageDraw\ni = Image.new('P', (90, 60), 3)\nImageDraw.Draw(i).line((0, 0, 90, 60), 5)\ni.save('x.gif')",
    ],
    ['a Pillow image in a variable', "from PIL import Image\nimg = Image.linear_gradient('L')"],
    [
      'RDKit to a file',
      "from rdkit import Chem\nfrom rdkit.Chem import Draw\nDraw.MolToFile(Chem.MolFromSmiles('CCO'), 'm.png')",
    ],
    [
      'an RDKit image',
      "from rdkit import Chem\nfrom rdkit.Chem import Draw\nDraw.MolToImage(Chem.MolFromSmiles('CCO')).save('m.png')",
    ],
    [
      'an RDKit grid',
      "from rdkit import Chem\nfrom rdkit.Chem import Draw\nimg = Draw.MolsToGridImage([Chem.MolFromSmiles('CCO')] * 3)\nimg.save('m.png')",
    ],
    [
      "RDKit's own canvas",
      "from rdkit import Chem\nfrom rdkit.Chem.Draw import rdMolDraw2D\nd = rdMolDraw2D.MolDraw2DCairo(200, 150)\nd.DrawMolecule(Chem.MolFromSmiles('CCO'))\nd.FinishDrawing()\nd.WriteDrawingText('m.png')",
    ],
    [
      "RDKit's SVG",
      "from rdkit import Chem\nfrom rdkit.Chem.Draw import rdMolDraw2D\nd = rdMolDraw2D.MolDraw2DSVG(200, 150)\nd.DrawMolecule(Chem.MolFromSmiles('CCO'))\nd.FinishDrawing()\nopen('m.svg', 'w').write(d.GetDrawingText())",
    ],
    ['imsave', "import numpy as np, matplotlib.pyplot as plt\nplt.imsave('x.png', np.eye(20))"],
    [
      'threads',
      "import threading, matplotlib.pyplot as plt\nt = threading.Thread(target=lambda: plt.plot([1, 2])); t.start(); t.join(); plt.savefig('x.png')",
    ],
    [
      'a class',
      "import matplotlib.pyplot as plt\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\n    def draw(self):\n        plt.plot([self.x, 2])\nP().draw(); plt.savefig('x.png')",
    ],
  ])('%s', async (_, code) => {
    await renderCode(code);
  });

  it.each<[string, string]>([
    ['write_image', "fig.write_image('x.png', width=400, height=300)"],
    ['to_image', 'assert fig.to_image(width=400, height=300)'],
    ['pio.write_image', "import plotly.io as pio\npio.write_image(fig, 'x.png', width=400, height=300)"],
    ['show', 'fig.update_layout(width=400, height=300); fig.show()'],
    ['write_html', "fig.update_layout(width=400, height=300).write_html('x.html')"],
    ['no show', 'fig.update_layout(width=400, height=300)'],
  ])('Plotly by %s', async (_, end) => {
    const result = await renderCode(`import plotly.express as px\nfig = px.bar(x=['a', 'b'], y=[1, 3])\n${end}`);
    expect([result.width, result.height]).toEqual([400, 300]);
    expect(result.renderer).toMatch(/^python.*, plotly-\d.* chromium-/);
  });

  it('the first frame of an animation, without the others', async () => {
    const code = `${plt}from matplotlib.animation import FuncAnimation
fig = plt.figure(figsize=(2, 2)); fig.text(0, 0, 'x')
def update(i):
    fig.patch.set_facecolor(['red', 'blue'][min(i, 1)])
movie = FuncAnimation(fig, update, frames=100)
`;
    for (const end of ["movie.save('x.gif', writer='pillow')", "movie.save('x.mp4')", 'plt.show()', '']) {
      expect(await middleOf(await renderCode(code + end))).toEqual(red);
    }
  });

  it('characters that the requested font lacks', async () => {
    const boxes = `${plt}plt.rcParams['font.family'] = 'SimHei'\nplt.figure(figsize=(2, 1)).text(0.1, 0.3, '%', size=40)\nplt.savefig('x.png')`;
    const [first, second] = [await renderCode(boxes.replace('%', '水')), await renderCode(boxes.replace('%', '火'))];
    expect(Buffer.from(first.image).equals(second.image)).toBe(false);
    expect(first.log).not.toMatch(/missing from/);
  });
});

describe('a failure says', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'the line of a syntax error',
      'import os\nplt.plot([1, 2\nplt.show()',
      'syntax',
      /^SyntaxError: .*\n {2}line 2: plt\.plot\(\[1, 2/,
    ],
    ['the line of an indentation error', 'def f():\nreturn 1', 'syntax', /IndentationError.*\n {2}line 2: return 1/],
    ['a null byte', 'x = 1\0', 'syntax', /null bytes/],
    [
      "the code's own frames",
      'import numpy as np\ndef f(x):\n    return np.zeros(x)\nf(-1)',
      'runtime',
      /^ValueError: negative dimensions.*\n {2}line 4: f\(-1\)\n {2}line 3 in f: return np\.zeros\(x\)$/,
    ],
    ['the name of a missing library', 'import bokeh', 'runtime', /^ModuleNotFoundError: No module named 'bokeh'/],
    ['that a file does not exist', "open('data.csv')", 'runtime', /data\.csv'\nThe only files here/],
    ['that it exited', 'raise SystemExit(3)', 'runtime', /ended itself with 3/],
    ['endless recursion', 'f = lambda: f()\nf()', 'runtime', /^RecursionError.*\n {2}line 2/],
    ['an end of the process', 'import os\nos._exit(0)', 'runtime', /ended its process/],
    ['a memory fault', 'import ctypes\nctypes.string_at(0)', 'runtime', /crashed Python/],
    ['too much memory', 'x = bytearray(4 << 30)', 'memory', /^MemoryError.*\nThe code asked for more memory/],
    ['too large an array', 'import numpy as np\nnp.ones((60000, 60000))', 'memory', /Unable to allocate/],
    [
      'that there is no network',
      "import urllib.request\nurllib.request.urlopen('http://example.com')",
      'blocked',
      /^There is no network here/,
    ],
    [
      'that sockets are refused',
      "import socket\nsocket.create_connection(('127.0.0.1', 80))",
      'blocked',
      /^There is no network here/,
    ],
    [
      'that no program can be started',
      "import subprocess\nsubprocess.run(['ls'])",
      'blocked',
      /^No other program can be started/,
    ],
    ['that fork is refused', 'import os\nos.fork()', 'blocked', /^No other program can be started/],
    [
      'where files may be written',
      "open('/usr/x', 'w')",
      'blocked',
      /^Files can be written in the working folder only/,
    ],
    ['that nothing was drawn', 'x = 1', 'empty', /drew nothing/],
    [
      'too large an image',
      `${plt}plt.figure(figsize=(3000, 10)).text(0, 0, 'x')\nplt.savefig('x.png')`,
      'too-large',
      /300000x1000 pixels/,
    ],
  ])('%s', async (_, code, kind, message) => {
    const result = await render(code);
    expect(result).toMatchObject({ status: 'failed', kind, message: expect.stringMatching(message) });
    expect(Buffer.byteLength((result as { message: string }).message)).toBeLessThanOrEqual(2048);
  });

  it('none where the image is blank: its log says so', async () => {
    const result = await render(`${plt}plt.figure()\nplt.savefig('x.png')`);
    expect(result).toMatchObject({ status: 'ok', log: expect.stringMatching(/^The image is one single color/) });
  });

  it.each(['while True: pass', 'import time\ntime.sleep(100)', 'try:\n  while True: pass\nexcept BaseException: pass'])(
    'that the deadline was exceeded: %s',
    async (code) => {
      const quick = createRenderService({ concurrency: 1, deadlineMs: 700, cacheBytes: 0 });
      await quick.states();
      const result = await quick.render({ language: 'python', code, size, trusted: false }, noAbort);
      expect(result).toMatchObject({ status: 'failed', kind: 'timeout' });
      expect(result.ms).toBeLessThan(700 + 1000);
      await quick.close();
    },
  );
});

describe('one render does not affect another', () => {
  const figure = `${plt}fig = plt.figure(figsize=(2, 2))\n${filled('red')}`;

  it.each<[string, string]>([
    ['settings', "import matplotlib; matplotlib.rcParams['figure.facecolor'] = 'blue'"],
    ['figures', `${plt}plt.figure(); plt.plot([1, 2])`],
    ['built-in functions', 'import builtins; builtins.print = builtins.len = None'],
    ['modules', 'import sys; sys.modules.clear()'],
    ['files', "open('/tmp/left.png', 'w').write('x'); open('/dev/shm/left', 'w').write('x')"],
    ['environment', "import os; os.environ['LEFT'] = 'x'"],
    ['random state', 'import random, numpy; random.seed(5); numpy.random.seed(5)'],
    ['threads', 'import threading, time; threading.Thread(target=lambda: time.sleep(60)).start()'],
  ])('by %s', async (_, code) => {
    const look = `import os, random, numpy
assert sorted(os.listdir('/tmp')) == ['code', 'matplotlib'] and os.listdir('/dev/shm') == [] and 'LEFT' not in os.environ
fig.text(0.5, 0.9, f'{random.random()} {numpy.random.rand()}')`;
    const before = await renderCode(figure + look);
    await render(code);
    expect(Buffer.from((await renderCode(figure + look)).image).equals(before.image)).toBe(true);
  });

  it('nor see the host', async () => {
    process.env['PENTIMENTO_CANARY'] = 'seen';
    const code = `${figure}import os
assert 'PENTIMENTO_CANARY' not in os.environ
for path in ['/etc/passwd', '/root', '/home', '/work', '/proc/1', ${JSON.stringify(examples)}]:
    assert not os.path.exists(path), path
for number in range(3, 200):
    try: kind = os.readlink(f'/proc/self/fd/{number}')
    except OSError: continue
    assert False, kind
for call in [lambda: os.kill(1, 0), lambda: os.kill(-1, 9), lambda: os.setuid(0), lambda: os.execv('/bin/true', ['true'])]:
    try: call()
    except OSError: continue
    if os.getpid() != 1: raise AssertionError('it could')
`;
    await renderCode(code);
    delete process.env['PENTIMENTO_CANARY'];
  });

  it('and Python keeps running when a render is canceled', async () => {
    const caller = new AbortController();
    const endless = render('while True: pass', caller.signal);
    setTimeout(() => caller.abort(new Error('canceled')), 50);
    await expect(endless).rejects.toThrow('canceled');
    const started = performance.now();
    await renderCode(figure);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('the same code', () => {
  const code = `${plt}import random, uuid, time, datetime, secrets, os
import numpy as np
fig = plt.figure(figsize=(6, 4))
lines = [random.random(), random.Random().random(), np.random.rand(), np.random.default_rng().random(), np.random.RandomState().rand(),
  uuid.uuid4(), os.urandom(4), secrets.token_hex(4), time.time(), time.strftime('%c'), datetime.datetime.now(), datetime.date.today(),
  time.perf_counter(), hash('a'), list({'x', 'yy', 'zzz'}), id(None) > 0]
fig.text(0.01, 0.01, '\\n'.join(map(str, lines)))
plt.savefig('x.png')`;

  it('is rendered to the same bytes, render after render and slot after slot', async () => {
    const others = createRenderService({ concurrency: 2, deadlineMs, cacheBytes: 0 });
    const request = { language: 'python', code, size, trusted: false } as const;
    const results = await Promise.all([
      renderCode(code),
      others.render(request, noAbort),
      others.render(request, noAbort),
    ]);
    results.push(await renderCode(code));
    await others.close();
    const images = results.map((result) =>
      result.status === 'ok' ? Buffer.from(result.image).toString('base64') : result.message,
    );
    expect(new Set(images).size).toBe(1);
    expect(results[0]!.status).toBe('ok');
  });
});
