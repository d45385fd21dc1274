/** Charts against a fresh Python for each, two at a time: node bench/render-python.ts */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRenderService } from '@pentimento/render';
import { compare, report, type Fixture } from './render/comparison.ts';

const run = promisify(execFile);
const size = { width: 640, height: 480 };
const charts: Record<string, string> = {
  line: `import numpy as np, matplotlib.pyplot as plt
x = np.linspace(0, 10, 200)
fig, ax = plt.subplots(figsize=(8, 6))
for k in range(4): ax.plot(x, np.sin(x + k), label=f'series {k}')
ax.set(xlabel='time (s)', ylabel='value', title='Lines'); ax.legend(); ax.grid(True)
fig.tight_layout(); fig.savefig('x.png')`,
  panel: `import numpy as np, matplotlib.pyplot as plt
r = np.random.RandomState(0)
fig, axes = plt.subplots(2, 2, figsize=(9, 7))
axes[0, 0].bar(list('abcde'), r.rand(5)); axes[0, 1].scatter(r.rand(80), r.rand(80), c=r.rand(80))
axes[1, 0].hist(r.normal(size=500), 30); axes[1, 1].boxplot([r.normal(size=50) for _ in range(4)])
for i, ax in enumerate(axes.flat): ax.set_title(f'panel {i}')
fig.tight_layout(); fig.savefig('x.png')`,
  seaborn: `import numpy as np, pandas as pd, seaborn as sns, matplotlib.pyplot as plt
r = np.random.RandomState(0); sns.set_theme()
fig, (a, b) = plt.subplots(1, 2, figsize=(10, 4))
sns.heatmap(r.rand(8, 8), annot=True, ax=a)
sns.violinplot(data=pd.DataFrame({'k': list('abc') * 40, 'v': r.normal(size=120)}), x='k', y='v', ax=b)
fig.savefig('x.png')`,
  networkx: `import networkx as nx, matplotlib.pyplot as plt
nx.draw_networkx(nx.karate_club_graph(), nx.spring_layout(nx.karate_club_graph(), seed=1), node_color='teal')
plt.savefig('x.png')`,
  molecule: `from rdkit import Chem
from rdkit.Chem import Draw
Draw.MolToFile(Chem.MolFromSmiles('CC(=O)Oc1ccccc1C(=O)O'), 'x.png', size=(400, 300))`,
  surface: `import numpy as np, matplotlib.pyplot as plt
x, y = np.meshgrid(np.linspace(-3, 3, 40), np.linspace(-3, 3, 40))
ax = plt.figure().add_subplot(projection='3d')
ax.plot_surface(x, y, np.sin(x) * np.cos(y), cmap='viridis'); plt.savefig('x.png')`,
};
const fixtures: Fixture[] = Object.entries(charts).map(([name, code]) => ({ name, code, size }));
const python = process.env['PENTIMENTO_PYTHON'] ?? '/usr/bin/python3';

const renderers = createRenderService({ concurrency: 2, cacheBytes: 0 });
const folder = await mkdtemp(join(tmpdir(), 'pentimento-bench-'));
try {
  const plain = async ({ code }: Fixture): Promise<void> =>
    void (await run(python, ['-c', code], { cwd: folder, env: { ...process.env, MPLBACKEND: 'Agg' } }));
  report('python', await compare('python', fixtures, plain, renderers, { rounds: 8, sideBySide: 2 }));
} finally {
  await renderers.close();
  await rm(folder, { recursive: true });
}
