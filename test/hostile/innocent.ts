import type { Language } from './languages.ts';
import type {} from '@pentimento/contracts';

/** A small correct program of each language, which must come out the same bytes after every attack. */
export const innocent: Record<Language, string> = {
  python: `import matplotlib.pyplot as plt
fig, ax = plt.subplots(figsize=(3, 2))
ax.plot([1, 3, 2], color='teal', label='Innocent')
ax.legend()
plt.savefig('chart.png')`,
  html: '<h1 style="color:teal">Innocent</h1><script>document.body.append(Math.random())</script>',
  svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="teal"/></svg>',
  latex: String.raw`\begin{tikzpicture}\draw[fill=teal] (0,0) circle (1) node {Innocent};\end{tikzpicture}`,
  smiles: 'CC(=O)Oc1ccccc1C(=O)O',
  mermaid: 'flowchart LR\n  innocent --> right',
};
