import type { Command } from './commands.ts';
import { packagesOf } from './engine.ts';
import { onOneLine, passedOptions } from './passed-options.ts';

/** The border of the published reward. */
const borderMillimeters = 3.14;
export const borderPoints = (borderMillimeters * 72.27) / 25.4;

/** @param overhang how far something extends beyond its line, in TeX points: the page gets that much wider on its right. */
const borderWith = (overhang: number): string => {
  const side = `${borderMillimeters}mm`;
  return overhang === 0
    ? `border=${side}`
    : `border={${side} ${side} ${(borderPoints + overhang).toFixed(2)}pt ${side}}`;
};

interface Article {
  source: string;
  additions: string[];
  crop: 'tikz' | 'varwidth';
}

/**
 * Turns an article into a standalone figure, as the published reward does. That drops the class options, and keeps pages that show more
 * than a figure; here the options are kept, and the page is cropped to its contents.
 *
 * @param command the document class, from its start in the text.
 */
export function publishedArticle(text: string, bare: string, command: Command, overhang: number): Article {
  const crop = cropOf(bare);
  const options = [crop, borderWith(overhang), ...command.options].map(onOneLine).join(', ');
  const ahead = crop === 'tikz' ? passedOptions(packagesOf(bare)) : '';
  const lines = text.slice(command.start, command.end).replace(/[^\n]/g, '');
  const added = `${ahead}\\documentclass[${options}]{standalone}`;
  return {
    source: text.slice(0, command.start) + added + lines + text.slice(command.end),
    additions: [ahead],
    crop,
  };
}

export const publishedSnippetHead = (overhang: number): string =>
  `\\documentclass[preview, ${borderWith(overhang)}]{standalone}`;

/** `tikz` makes each figure a page; `varwidth` makes one page as wide as its contents. */
function cropOf(bare: string): 'tikz' | 'varwidth' {
  const body = /\\begin\s*\{document\}([^]*)/.exec(bare)?.[1] ?? '';
  return /^\s*(?:\\(?:centering|noindent|pagestyle\{empty\}|thispagestyle\{empty\})\s*)*\\begin\s*\{tikzpicture\}/.test(
    body,
  )
    ? 'tikz'
    : 'varwidth';
}
