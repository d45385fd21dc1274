import type { Styles } from '../../../port/samples.ts';

const teal = '2a9d8f';
const head = 'import matplotlib.pyplot as plt\n';
const bars = `fig, ax = plt.subplots(figsize=(4, 3))
ax.bar(['a', 'b', 'c'], [1, 3, 2], color='#${teal}')
ax.set_title('Sales')
`;
const likeBars = (rest: string, before = ''): Styles[string] => ({ code: before + head + bars + rest, like: 'bars' });
const plot = (code: string, ...colors: string[]): Styles[string] => ({
  code: head + code,
  shows: colors.length > 0 ? colors : ['1f77b4'],
});

export const pythonStyles: Styles = {
  bars: { code: `${head}${bars}plt.savefig('chart.png')`, shows: [teal], size: { width: 400, height: 300 } },
  'fig.savefig': likeBars(`fig.savefig('chart.png')`),
  'an f-string for a name': likeBars("name, number = 'chart', 3\nplt.savefig(f'{name}_{number:03d}.png')"),
  'os.path.join for a name': likeBars(
    "import os\nos.makedirs(os.path.join('out', 'deep'), exist_ok=True)\nplt.savefig(os.path.join('out', 'deep', 'chart.png'))",
  ),
  'a folder that is not there': likeBars("plt.savefig('results/figures/chart.png')"),
  'an absolute name': likeBars("plt.savefig('/tmp/chart.png')"),
  "a name in somebody's home": likeBars("plt.savefig('/home/user/project/chart.png')"),
  'fname=': likeBars("plt.savefig(fname='chart.png')"),
  'a pathlib name': likeBars("from pathlib import Path\nplt.savefig(Path('.') / 'chart.png')"),
  'a name without an ending': likeBars("plt.savefig('chart')"),
  'a name with letters of another script': likeBars("plt.savefig('график 图.png')"),
  'bytes in memory': likeBars(
    "import io, base64\nbuffer = io.BytesIO()\nplt.savefig(buffer, format='png')\nbuffer.seek(0)\nprint(len(base64.b64encode(buffer.read())))",
  ),
  'plt.show() alone': likeBars('plt.show()'),
  'fig.show() alone': likeBars('fig.show()'),
  'saved and shown': likeBars("plt.savefig('chart.png')\nplt.show()"),
  'shown and then saved': likeBars("plt.show()\nfig.savefig('chart.png')"),
  'saved and closed': likeBars("plt.savefig('chart.png')\nplt.close('all')"),
  'neither saved nor shown': likeBars(''),
  'a PDF and an SVG': likeBars("plt.savefig('chart.pdf')\nplt.savefig('chart.svg')"),
  'saved twice, the last time as meant': {
    code: `${head}plt.plot([9, 9])\nplt.savefig('first.png')\nplt.close()\n${bars}plt.savefig('second.png')`,
    like: 'bars',
  },
  'if __name__ == "__main__"': {
    code: `${head}def main():\n${bars.replace(/^(?=.)/gm, '    ')}    plt.savefig('chart.png')\n\nif __name__ == "__main__":\n    main()`,
    like: 'bars',
  },
  'a class and a script of its arguments': {
    code: `import sys, argparse\n${head}class Chart:\n    def __init__(self, out): self.out = out\n    def draw(self):\n${bars.replace(/^(?=.)/gm, '        ')}        fig.savefig(self.out)\nparser = argparse.ArgumentParser()\nparser.add_argument('--out', default='chart.png')\nChart(parser.parse_args().out).draw()`,
    like: 'bars',
  },
  'Agg by hand': likeBars("plt.savefig('chart.png')", "import matplotlib\nmatplotlib.use('Agg')\n"),
  'a window system by hand': likeBars('plt.show()', "import matplotlib\nmatplotlib.use('TkAgg')\n"),
  'a backend switched': likeBars("plt.switch_backend('Agg')\nplt.figure(fig.number)\nplt.savefig('chart.png')"),
  'interactive mode': likeBars('plt.ion()\nplt.draw()\nplt.pause(0.1)\nplt.savefig("chart.png")'),
  'no pyplot at all': {
    code: `from matplotlib.figure import Figure
from matplotlib.backends.backend_agg import FigureCanvasAgg
fig = Figure(figsize=(4, 3))
FigureCanvasAgg(fig)
ax = fig.subplots()
ax.bar(['a', 'b', 'c'], [1, 3, 2], color='#${teal}')
ax.set_title('Sales')
fig.savefig('chart.png')`,
    like: 'bars',
  },
  pylab: { code: `from pylab import *\n${bars.replace('plt.', '')}savefig('chart.png')`, like: 'bars' },
  'warnings, prints and a seed': likeBars(
    "print('done' * 10)\nplt.savefig('chart.png')",
    "import warnings, random, logging\nwarnings.filterwarnings('ignore')\nrandom.seed(0)\nlogging.basicConfig(level=logging.INFO)\nlogging.info('starting')\n",
  ),
  'a higher density': {
    code: `${head}${bars}plt.savefig('chart.png', dpi=200)`,
    shows: [teal],
    size: { width: 800, height: 600 },
  },
  'cut to its content': plot(
    `${bars}plt.tight_layout()\nplt.savefig('chart.png', dpi=150, bbox_inches='tight', pad_inches=0.1)`,
    teal,
  ),
  'a see-through ground': plot(`${bars}plt.savefig('chart.png', transparent=True)`, teal, 'ffffff'),
  'several figures, the last one saved': plot(
    `for color in ['#e76f51', '#${teal}']:\n    plt.figure()\n    plt.fill_between([0, 1], [1, 1], color=color)\nplt.savefig('chart.png')`,
    teal,
  ),
  panels: plot(
    "fig, axes = plt.subplots(2, 2, figsize=(6, 5), sharex=True)\nfor ax, color in zip(axes.flat, ['C0', 'C1', 'C2', 'C3']):\n    ax.plot([1, 2, 3], color=color, lw=4)\nfig.suptitle('Four')\nplt.savefig('x.png')",
    '1f77b4',
    'ff7f0e',
    '2ca02c',
    'd62728',
  ),
  'a figure made by pandas': {
    code: "import pandas as pd\nframe = pd.DataFrame({'x': [1, 2, 3], 'y': [3, 1, 2]})\nax = frame.plot(x='x', y='y', kind='bar', title='pandas')\nax.get_figure().savefig('p.png')",
    shows: ['1f77b4'],
  },
  'a figure made by pandas and kept in no variable': {
    code: "import pandas as pd\npd.Series([1, 3, 2]).plot(kind='area')",
    shows: ['1f77b4'],
  },
  'a figure made by seaborn': {
    code: "import seaborn as sns, pandas as pd\nsns.set_theme()\ndata = pd.DataFrame({'g': list('aabb'), 'v': [1, 2, 3, 4]})\nsns.catplot(data=data, x='g', y='v', kind='bar').savefig('s.png')",
    shows: ['eaeaf2'],
  },
  'a heat map by seaborn, shown': {
    code: "import seaborn as sns, numpy as np\nimport matplotlib.pyplot as plt\nsns.heatmap(np.arange(9).reshape(3, 3), annot=True, cmap='coolwarm')\nplt.show()",
    shows: ['b40426'],
  },
  'a graph': {
    code: "import networkx as nx, matplotlib.pyplot as plt\ng = nx.karate_club_graph()\nnx.draw(g, pos=nx.spring_layout(g, seed=1), node_color='#2a9d8f', with_labels=True)\nplt.savefig('g.png')",
    shows: [teal],
  },
  science: {
    code: "import numpy as np\nfrom scipy import stats, interpolate\nimport matplotlib.pyplot as plt\nx = np.linspace(-3, 3, 99)\nplt.fill_between(x, stats.norm.pdf(x), color='#2a9d8f')\nplt.plot(x, interpolate.interp1d(x, np.abs(x) / 9)(x))\nplt.savefig('n.png')",
    shows: [teal, '1f77b4'],
  },
  'a surface': plot(
    "import numpy as np\nfrom mpl_toolkits.mplot3d import Axes3D\nx, y = np.meshgrid(np.linspace(-1, 1, 20), np.linspace(-1, 1, 20))\nax = plt.figure().add_subplot(111, projection='3d')\nax.plot_surface(x, y, x * y, color='#2a9d8f', shade=False)\nplt.savefig('s.png')",
    teal,
  ),
  'an animation by Pillow': plot(
    "from matplotlib.animation import FuncAnimation, PillowWriter\nfig, ax = plt.subplots()\nline, = ax.plot([0, 1, 2], [0, 1, 0], lw=5)\ndef step(i):\n    line.set_ydata([0, 1 + i, 0])\n    return line,\nFuncAnimation(fig, step, frames=5, blit=True).save('a.gif', writer=PillowWriter(fps=5))",
  ),
  'an animation by a program that is not here': plot(
    "from matplotlib.animation import FuncAnimation\nfig, ax = plt.subplots()\nline, = ax.plot([0, 1, 2], [0, 1, 0], lw=5)\nmovie = FuncAnimation(fig, lambda i: line.set_ydata([0, i, 0]), frames=5)\nmovie.save('a.mp4', writer='ffmpeg')",
  ),
  'an animation that is shown': plot(
    'from matplotlib import animation\nfig, ax = plt.subplots()\nline, = ax.plot([0, 1, 2], [0, 1, 0], lw=5)\nmovie = animation.FuncAnimation(fig, lambda i: line.set_ydata([0, 1, 0]), frames=5)\nplt.show()',
  ),
  'Chinese letters': {
    code: `${head}plt.figure(figsize=(3, 2))\nplt.title('中文标题')\nplt.savefig('c.png')`,
    unlike: 'other Chinese letters',
  },
  'other Chinese letters': { code: `${head}plt.figure(figsize=(3, 2))\nplt.title('日本語図')\nplt.savefig('c.png')` },
  'Chinese letters in a font that is not here': {
    code: `${head}plt.rcParams['font.sans-serif'] = ['SimHei', 'Microsoft YaHei']\nplt.rcParams['axes.unicode_minus'] = False\nplt.figure(figsize=(3, 2))\nplt.plot([-1, -2, -3])\nplt.ylabel('负数')\nplt.savefig('c.png')`,
    shows: ['1f77b4'],
    log: /.*/s,
  },
  'negative numbers': plot("plt.bar(range(3), [-5, -1, 3])\nplt.axhline(0)\nplt.savefig('n.png')"),
  'a font that is not here': {
    code: `${head}plt.rcParams['font.family'] = 'Comic Neue Missing'\nplt.plot([1, 2])\nplt.xlabel('x', fontname='Times New Roman')\nplt.savefig('f.png')`,
    shows: ['1f77b4'],
    log: /.*/s,
  },
  mathematics: plot("plt.plot([1, 2], label=r'$\\alpha_i^2 = \\frac{1}{2}$')\nplt.legend()\nplt.savefig('m.png')"),
  'a style': plot("plt.style.use('ggplot')\nplt.plot([1, 2], lw=5)\nplt.savefig('g.png')", 'e24a33', 'e5e5e5'),
  'letters as hand-drawn': { ...plot("with plt.xkcd():\n    plt.plot([1, 2])\n    plt.savefig('x.png')"), log: /.*/s },
  'Plotly, written': {
    code: "import plotly.graph_objects as go\nfig = go.Figure(go.Bar(x=['a', 'b'], y=[1, 2], marker_color='#2a9d8f'))\nfig.write_image('p.png', width=500, height=400)",
    shows: [teal],
    size: { width: 500, height: 400 },
  },
  'Plotly, shown': {
    code: "import plotly.express as px\npx.scatter(x=[1, 2, 3], y=[3, 1, 2], title='Express').show()",
    shows: ['636efa', 'e5ecf6'],
  },
  'a molecule by RDKit': {
    code: "from rdkit import Chem\nfrom rdkit.Chem import Draw\nDraw.MolToFile(Chem.MolFromSmiles('CC(=O)Oc1ccccc1C(=O)O'), 'm.png', size=(300, 300))",
    shows: ['ff0000'],
    size: { width: 300, height: 300 },
  },
  'a molecule by RDKit as an image': {
    code: "from rdkit import Chem\nfrom rdkit.Chem import Draw\nimage = Draw.MolToImage(Chem.MolFromSmiles('c1ccncc1'), size=(200, 200))\nimage.save('m.png')",
    shows: ['0000ff', '3333ff'].slice(1),
    size: { width: 200, height: 200 },
  },
  'a picture by Pillow': {
    code: "from PIL import Image, ImageDraw\nimage = Image.new('RGB', (90, 60), 'white')\nImageDraw.Draw(image).rectangle((9, 9, 50, 50), fill='#2a9d8f')\nimage.save('i.png')",
    shows: [teal],
    size: { width: 90, height: 60 },
  },
  'line ends of Windows, a tab and a mark at the start': {
    code: `\ufeff${head}${bars}if True:\n\tplt.savefig('chart.png')\n`.replaceAll('\n', '\r\n'),
    like: 'bars',
  },
};
