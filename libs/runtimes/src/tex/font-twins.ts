import type { Engine } from './engine.ts';

/** Free fonts with the metrics of those that documents name, or that look like them. Each has four styles but the Chinese ones. */
const twins: readonly [names: RegExp, twin: string][] = [
  [/^(?:Times New Roman|Times)$/, 'Liberation Serif'],
  [/^(?:Arial|Helvetica|Helvetica Neue|Segoe UI)$/, 'Liberation Sans'],
  [/^(?:Courier New|Courier|Consolas|Menlo|Monaco)$/, 'Liberation Mono'],
  [/^Calibri$/, 'Carlito'],
  [/^Cambria$/, 'Caladea'],
  [/^(?:SimSun|NSimSun|Songti SC|STSong|Noto Serif CJK SC|Source Han Serif SC)$/, 'FandolSong'],
  [/^(?:SimHei|Microsoft YaHei|PingFang SC|STHeiti|Heiti SC|Noto Sans CJK SC|Source Han Sans SC)$/, 'FandolHei'],
  [/^(?:KaiTi|STKaiti|Kaiti SC)$/, 'FandolKai'],
  [/^(?:FangSong|STFangsong)$/, 'FandolFang'],
];

const stylesOf = (twin: string): string =>
  twin.startsWith('Fandol')
    ? `Extension=.otf,UprightFont=${twin}-Regular,BoldFont=${twin}-${/Song|Hei/.test(twin) ? 'Bold' : 'Regular'},ItalicFont=${twin}-Regular,BoldItalicFont=${twin}-Regular`
    : `UprightFont={${twin}},BoldFont={${twin} Bold},ItalicFont={${twin} Italic},BoldItalicFont={${twin} Bold Italic}`;

const maxFonts = 20;

/** The fonts that a document sets by name. */
const fontsSetIn = (bare: string): string[] => [
  ...new Set(
    [
      ...bare.matchAll(
        /font[a-z]{0,9}\s*(?:\\[a-zA-Z]{1,40}\s*)?(?:\[[^\][]{0,200}\]\s*)?\{([A-Za-z][A-Za-z ]{2,30})\}/gi,
      ),
    ].map((match) => match[1]!.trim()),
  ),
];

/** Lets a document that names a font which is not there have its twin, and says so in TeX's log. Empty for pdfTeX, which takes no such fonts. */
export function twinsOf(engine: Engine, bare: string): string {
  if (engine === 'pdflatex') return '';
  const wanted = fontsSetIn(bare).flatMap((font) => {
    const twin = twins.find(([names]) => names.test(font))?.[1];
    return twin === undefined ? [] : [[font, twin] as const];
  });
  const features = wanted
    .slice(0, maxFonts)
    .map(
      ([font, twin]) =>
        `\\IfFontExistsTF{${font}}{}{\\defaultfontfeatures[${font}]{${stylesOf(twin)}}\\message{^^JPentimento: ${font} is ${twin}^^J}}`,
    );
  return features.length === 0 ? '' : `\\AddToHook{package/fontspec/after}{${features.join('')}}`;
}
