/** The packages and libraries that a snippet needs, found by the commands that it uses. Each pattern takes linear time. */

/** The published reward wraps snippets with these. */
const basePackages = ['amsmath', 'amssymb', 'graphicx', 'xcolor', 'tikz', 'pgfplots'];

/** Loaded for every snippet: what TikZ code uses most often. None changes code that does not use it. */
const tikzLibraries = [
  'arrows',
  'arrows.meta',
  'backgrounds',
  'calc',
  'decorations.markings',
  'decorations.pathmorphing',
  'decorations.pathreplacing',
  'fit',
  'intersections',
  'matrix',
  'patterns',
  'positioning',
  'shapes',
];

type Need = readonly [name: string, use: RegExp];

const packagesByUse: Need[] = [
  [
    'circuitikz',
    /\\begin\{circuitikz\}|\\ctikzset\b|\bto\s*\[\s*(?:R|L|C|D|V|I|battery\d?|lamp|short|vsource|isource|american [a-z ]{1,40}) ?[=,\]]/,
  ],
  ['chemfig', /\\(?:chemfig|chemname|schemestart|setchemfig|definesubmol)\b/],
  ['tikz-cd', /\\begin\{tikzcd\}/],
  ['tikz-3dplot', /\\tdplot/],
  ['forest', /\\begin\{forest\}|\\Forest\b/],
  ['pgfgantt', /\\begin\{ganttchart\}/],
  ['quantikz', /\\begin\{quantikz\}/],
  ['tkz-euclide', /\\tkz(?:Def|Draw|Init|Label|Get|Mark|Inter|Set)/],
  ['booktabs', /\\(?:toprule|midrule|bottomrule|cmidrule)\b/],
  ['multirow', /\\multirow\b/],
  ['makecell', /\\(?:makecell|thead)\b/],
  ['colortbl', /\\(?:rowcolor|cellcolor|columncolor|arrayrulecolor)\b/],
  ['tabularx', /\\begin\{tabularx\}/],
  ['longtable', /\\begin\{longtable\}/],
  ['array', /\\begin\{tabular\}(?:\[[tbc]\])?\{[^\n]{0,200}[mb>]\{/],
  [
    'mathtools',
    /\\(?:coloneqq|DeclarePairedDelimiter|prescript|mathclap|underbracket|overbracket|dcases)\b|\\begin\{(?:dcases|rcases|[pbBvV]matrix\*)\}/,
  ],
  ['bm', /\\bm\b/],
  ['mathrsfs', /\\mathscr\b/],
  ['cancel', /\\(?:cancel|bcancel|xcancel|cancelto)\b/],
  ['siunitx', /\\(?:SI|si|qty|unit|num|ang|qtyrange|SIrange)\s*[[{]/],
  ['mhchem', /\\ce\s*\{/],
  ['physics', /\\(?:dv|pdv|dd|bra|ket|braket|qty|abs|norm|expval|mel)\s*[*{([]/],
  ['xfp', /\\(?:fpeval|inteval)\b/],
  ['listings', /\\begin\{lstlisting\}|\\lstset\b/],
  ['algorithm2e', /\\begin\{algorithm2e\}|\\SetKw|\\(?:KwIn|KwOut|KwData|KwResult|SetAlgoLined|eIf|uIf)\b/],
  ['algpseudocode', /\\(?:State|EndFor|EndIf|EndWhile|EndProcedure|EndFunction)\b/],
  ['algorithmic', /\\(?:STATE|ENDFOR|ENDIF|ENDWHILE)\b/],
  ['algorithm', /\\begin\{algorithm\*?\}/],
  ['subcaption', /\\begin\{sub(?:figure|table)\}|\\subcaption\b/],
  ['subfig', /\\subfloat\b/],
  ['wrapfig', /\\begin\{wrap(?:figure|table)\}/],
  ['rotating', /\\begin\{sideways(?:figure|table)?\*?\}/],
  ['float', /\\begin\{(?:figure|table)\*?\}\[H\]/],
  ['mdframed', /\\begin\{mdframed\}|\\mdf(?:setup|define)/],
  ['framed', /\\begin\{(?:framed|shaded|leftbar)\}/],
  ['threeparttable', /\\begin\{threeparttable\}/],
  ['adjustbox', /\\begin\{adjustbox\}|\\adjustbox\b/],
  ['multicol', /\\begin\{multicols\*?\}/],
  ['hyperref', /\\(?:url|href)\b/],
  ['fancyvrb', /\\begin\{Verbatim\}/],
  ['pgf-pie', /\\pie\s*[[{]/],
  ['pgfplotstable', /\\pgfplotstable(?:read|typeset)/],
  ['tikz-qtree', /\\Tree\b/],
  ['tikz-dependency', /\\begin\{dependency\}/],
  ['tikz-timing', /\\texttiming\b|\\timing\b|\\begin\{tikztimingtable\}/],
  ['pgf-umlsd', /\\begin\{sequencediagram\}/],
  ['pgf-umlcd', /\\begin\{(?:class|interface|abstractclass|package)\}/],
  ['bytefield', /\\begin\{bytefield\}/],
  ['dirtree', /\\dirtree\b/],
  ['smartdiagram', /\\smartdiagram\b/],
  ['venndiagram', /\\begin\{venndiagram[23]sets\}/],
  ['karnaugh-map', /\\begin\{karnaugh-map\}/],
  ['nicematrix', /\\begin\{(?:NiceTabular|NiceArray|[pbBvV]?NiceMatrix|NiceMatrix)\*?\}/],
  ['tabularray', /\\begin\{(?:tblr|longtblr)\}/],
  ['diagbox', /\\diagbox\b/],
  ['bussproofs', /\\AxiomC\b/],
  ['qcircuit', /\\Qcircuit\b/],
  ['xy', /\\xymatrix\b/],
  ['stmaryrd', /\\(?:llbracket|rrbracket)\b/],
  ['lipsum', /\\lipsum\b/],
  ['tcolorbox', /\\begin\{tcolorbox\}|\\tcbox\b/],
  ['enumitem', /\\begin\{(?:enumerate|itemize|description)\}\s*\[[^\]]{0,200}=/],
  ['ulem', /\\(?:uline|uwave|sout)\b/],
  ['musixtex', /\\startextract\b/],
  ['pifont', /\\ding\b/],
];

const librariesByUse: Need[] = [
  ['3d', /canvas is \w+ plane/],
  ['angles', /\bpic\b[^;]{0,80}\bangle\b/],
  ['quotes', /\bpic\b[^;]{0,80}"|\bedge\s{0,9}\[[^\]]{0,80}"|--\s{0,9}\[[^\]]{0,80}"/],
  ['automata', /\bstate\s*(?:,|\])|\baccepting\b|\binitial\b/],
  ['bending', /\bbend\]|\bflex\b/],
  ['calendar', /\\calendar\b/],
  ['chains', /\bon chain\b|\bstart chain\b/],
  ['decorations.text', /text along path/],
  ['decorations.shapes', /shape backgrounds/],
  ['decorations.fractals', /\bKoch\b|Cantor set/],
  ['decorations.footprints', /\bfootprints\b/],
  ['fadings', /\bfading\b/],
  ['graphs', /\\graph\b/],
  ['lindenmayersystems', /lindenmayer system|l-system/],
  ['mindmap', /\bmindmap\b/],
  ['patterns.meta', /\\(?:tikzdeclarepattern|pgfdeclarepattern)\b|pattern\s*=\s*\{/],
  ['perspective', /\btpp cs\b|\bperspective\b/],
  ['shadings', /\b(?:ball|color wheel|bilinear|Mandelbrot)\b/],
  ['shadows', /\b(?:drop|copy|circular|general) shadow\b/],
  ['shadows.blur', /\bblur shadow\b/],
  ['spy', /\bspy\b/],
  ['svg.path', /\bsvg\s*[{"]/],
  ['through', /\bcircle through\b/],
  ['trees', /\bgrow cyclic\b|\bclockwise from\b|\bedge from parent fork\b/],
  ['turtle', /\bturtle\b/],
  ['circuits.logic.US', /\bcircuit logic US\b/],
  ['circuits.logic.IEC', /\bcircuit logic IEC\b/],
  ['circuits.ee.IEC', /\bcircuit ee IEC\b/],
];

const plotLibrariesByUse: Need[] = [
  ['colorbrewer', /\bcolormap\/(?:[A-Z][a-z]*[A-Z]|Set|Dark|Paired|Pastel|Spectral)|cycle list\/(?:[A-Z])/],
  [
    'colormaps',
    /\bcolormap\/(?:autumn|bled|bright|bone|cold|copper|copper2|earth|gray|hsv2|pastel|pink|sepia|thermal|winter)/,
  ],
  ['dateplot', /\bdate coordinates in\b/],
  ['fillbetween', /\bfill between\b/],
  ['groupplots', /\\begin\{groupplot\}/],
  ['patchplots', /\bpatch type\s*=/],
  ['polar', /\\begin\{polaraxis\}/],
  ['smithchart', /\\begin\{smithchart\}/],
  ['statistics', /\bboxplot\b|\bhist\b/],
  ['ternary', /\\begin\{ternaryaxis\}/],
  ['units', /\b[xy] unit\b/],
];

const namesOf = (needs: Need[], code: string): string[] =>
  needs.filter(([, use]) => use.test(code)).map(([name]) => name);

/** Packages for the same that do not load together. Of each row a snippet gets its own, else the first that its commands need. */
const alternatives = [
  ['algorithm2e', 'algorithm'],
  ['algorithm2e', 'algpseudocode'],
  ['algpseudocode', 'algorithmic', 'algpseudocodex', 'algcompatible'],
  ['subcaption', 'subfig', 'subfigure'],
  ['siunitx', 'physics'],
  ['tikz-qtree', 'forest', 'qtree'],
];

/** The packages that the commands of code need, without those that do not load beside the code's own. */
function packagesFor(code: string, own: ReadonlySet<string>): string[] {
  const found = namesOf(packagesByUse, code);
  return found.filter((name) =>
    alternatives.every((row) => {
      const rank = row.indexOf(name);
      if (rank === -1 || own.has(name)) return true;
      return !row.some((other, index) => other !== name && (own.has(other) || (index < rank && found.includes(other))));
    }),
  );
}

/** @param own names of the packages that the code loads itself. */
export function snippetPreamble(code: string, own: readonly string[]): string {
  const packages = packagesFor(code, new Set(own.map((name) => name.trim())));
  const plotLibraries = namesOf(plotLibrariesByUse, code);
  return [
    `\\usepackage{${[...basePackages, ...packages].join(',')}}`,
    '\\pgfplotsset{compat=1.17}',
    `\\usetikzlibrary{${[...tikzLibraries, ...namesOf(librariesByUse, code)].join(',')}}`,
    plotLibraries.length > 0 ? `\\usepgfplotslibrary{${plotLibraries.join(',')}}` : '',
  ].join('');
}

const allNames = (needs: Need[]): string[] => needs.map(([name]) => name);

/** Everything that the preamble of a snippet may load. */
export const snippetFiles = {
  packages: [...basePackages, ...allNames(packagesByUse)],
  tikzLibraries: [...tikzLibraries, ...allNames(librariesByUse)],
  plotLibraries: allNames(plotLibrariesByUse),
};
