/** TeX's log of a run, and what it printed. */
export interface TexReport {
  log: string;
  terminal: string;
}

/** What is read of a log: its end, as long as an honest job reports it. A hostile one may send more. */
const maxLogLength = 65_536;

export const endOf = ({ log }: Pick<TexReport, 'log'>): string => log.slice(-maxLogLength);

/** Whether a second run would have another result. */
export function needsAnotherRun(report: TexReport, source: string): boolean {
  const log = endOf(report);
  if (/Rerun (?:to get|LaTeX)|\(re\)run LaTeX|Label\(s\) may have changed|There were undefined references/.test(log))
    return true;
  if (/No file [\w.-]+\.(?:toc|lof|lot)\b/.test(log)) return true;
  return source.includes('remember picture');
}

/** How far boxes extend beyond their line, and beyond the end of their page, in TeX points; 0 where all fit. */
export function overfullOf(report: TexReport): { right: number; below: number } {
  const log = endOf(report);
  const widest = (pattern: RegExp): number =>
    [...log.matchAll(pattern)].reduce((most, [, points]) => Math.max(most, Number(points)), 0);
  return {
    right: widest(/^Overfull \\hbox \((\d{1,5}\.\d{1,5})pt too wide\)/gm),
    below: Math.max(
      widest(/^Overfull \\vbox \((\d{1,5}\.\d{1,5})pt too high\)/gm),
      widest(/^LaTeX Warning: Float too large for page by (\d{1,5}\.\d{1,5})pt/gm),
    ),
  };
}

/** What an image lacks, or shows otherwise than the code says, in plain words. */
export function lossesOf(report: TexReport): string {
  const log = endOf(report);
  const lines = [
    ...missingCharacters(log),
    ...substitutedFonts(log),
    ...[...log.matchAll(/^LaTeX Warning: (Reference|Citation) [`'](.{1,80}?)' on page \S{1,9} undefined/gm)].map(
      ([, kind, key]) => `The ${kind!.toLowerCase()} "${key}" is undefined: it is shown as a question mark.`,
    ),
    ...[...log.matchAll(/^(?:LaTeX|Package \w{1,20}) Warning: File [`'](.{1,120}?)' not found/gm)].map(
      ([, file]) => `There is no file ${file}: it is left out.`,
    ),
  ];
  return [...new Set(lines)].slice(0, maxLosses).join('\n');
}

const maxLosses = 12;
const maxNamed = 20;

/** By font, as TeX names each character by itself. */
function missingCharacters(log: string): string[] {
  const byFont = new Map<string, Set<string>>();
  for (const [, character, font] of log.matchAll(
    /^Missing character: There is no (.{1,24}?) (?:\(U\+[0-9A-F]{1,6}\) )?in font ([^\n]{1,120})!/gm,
  )) {
    byFont.set(font!, (byFont.get(font!) ?? new Set()).add(character!));
  }
  return [...byFont].map(([font, characters]) => {
    const named = [...characters].slice(0, maxNamed).join(' ');
    return font === 'nullfont'
      ? `Text within a figure is no label and is left out, among it: ${named}`
      : `Missing characters, which the font ${font.split(/[:/]/)[0]} lacks: ${named}`;
  });
}

const substitutedFonts = (log: string): string[] => [
  ...[...log.matchAll(/^Pentimento: (.{1,60}?) is (.{1,60})$/gm)].map(
    ([, font, twin]) => `The font ${font} is not installed here: ${twin} is used.`,
  ),
  ...[
    ...log.matchAll(
      /^LaTeX Font Warning: Font shape [`']([^']{1,60})' undefined\n\(Font\)\s+using [`']([^']{1,60})'/gm,
    ),
  ].map(([, font, other]) => `The font shape ${font} is not installed here: ${other} is used.`),
];
