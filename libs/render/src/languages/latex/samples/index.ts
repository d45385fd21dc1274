import type { LanguageSamples } from '../../../port/samples.ts';
import { latexLua } from './hostile-lua.ts';
import { latexPages } from './hostile-pages.ts';
import { latexReach } from './hostile-reach.ts';
import { latexResources } from './hostile-resources.ts';
import { latexTokens } from './hostile-tokens.ts';
import { latexStyles } from './styles.ts';

export const samples: LanguageSamples = {
  control: String.raw`\begin{tikzpicture}\draw[fill=teal] (0,0) circle (1) node {Innocent};\end{tikzpicture}`,
  variant: (color, index) =>
    String.raw`\begin{tikzpicture}\draw[fill=${color}] (0,0) rectangle (2,1) node[midway] {$x^{${index}}$};\end{tikzpicture}`,
  turns: 2,
  styles: latexStyles,
  hostile: (targets) => ({
    ...latexResources(targets),
    ...latexReach(targets),
    ...latexLua(targets),
    ...latexPages(targets),
    ...latexTokens(targets),
  }),
  reachesUnsandboxed: {
    'Lua: a file read': 'none',
    'Lua: files written and removed': 'none',
    'Lua: files of the host by a relative name': 'none',
    'Lua: folders of the host listed': 'none',
  },
};
