import { commandsNamed, type Command } from './commands.ts';

export type Engine = 'pdflatex' | 'xelatex' | 'lualatex';

/** Makes figures that use random numbers the same each time. */
export const seedOf: Record<Engine, string> = {
  pdflatex: '\\pdfsetrandomseed 1\\relax ',
  xelatex: '\\setrandomseed 1\\relax ',
  lualatex: '\\directlua{math.randomseed(1)tex.init_rand(1)}',
};

/** Packages that only work with one engine. */
export const packagesOfEngines = {
  xelatex: ['fontspec', 'unicode-math', 'polyglossia', 'mathspec', 'xeCJK', 'xltxtra', 'xunicode', 'ctex'],
  lualatex: ['luacode', 'luatexja', 'luamplib', 'tikz-feynman'],
};

/** By the editor's comment, else by features of a single engine. Of the two engines that take any font, XeTeX starts faster. */
export function engineOf(text: string, bare: string): Engine {
  const requested = /^%[ !]{1,9}TEX (?:TS-)?program ?= ?(\w{1,20})/im.exec(text)?.[1]?.toLowerCase();
  if (requested?.startsWith('lua')) return 'lualatex';
  if (requested?.startsWith('xe')) return 'xelatex';
  const loaded = new Set(
    packagesOf(bare)
      .flatMap(({ groups }) => groups[0]?.split(',') ?? [])
      .map((name) => name.trim()),
  );
  if (/\\(?:directlua|luaexec|luadirect)\b|\{luacode\*?\}|graph drawing/.test(bare)) return 'lualatex';
  if (packagesOfEngines.lualatex.some((name) => loaded.has(name))) return 'lualatex';
  const isChinese = commandsNamed(bare, 'documentclass').some(({ groups }) => groups[0]?.startsWith('ctex'));
  return isChinese || packagesOfEngines.xelatex.some((name) => loaded.has(name)) ? 'xelatex' : 'pdflatex';
}

/** The commands that load packages. */
export const packagesOf = (bare: string): Command[] => [
  ...commandsNamed(bare, 'usepackage'),
  ...commandsNamed(bare, 'RequirePackage'),
];
