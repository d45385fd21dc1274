import type { LanguageSamples } from '../../../port/samples.ts';
import { latexReach } from './hostile-reach.ts';
import { latexResources } from './hostile-resources.ts';
import { latexStyles } from './styles.ts';

export const samples: LanguageSamples = {
  control: String.raw`\begin{tikzpicture}\draw[fill=teal] (0,0) circle (1) node {Innocent};\end{tikzpicture}`,
  variant: (color, index) =>
    String.raw`\begin{tikzpicture}\draw[fill=${color}] (0,0) rectangle (2,1) node[midway] {$x^{${index}}$};\end{tikzpicture}`,
  turns: 2,
  styles: latexStyles,
  hostile: (targets) => ({ ...latexResources(targets), ...latexReach(targets) }),
  reachesUnsandboxed: { 'Lua: a file read': 'none', 'Lua: files written and removed': 'none' },
};
