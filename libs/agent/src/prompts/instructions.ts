import { editMarkers, fenceNames, type Language, type Task } from '@pentimento/contracts';

/** What the code of each language must be, for the renderer that will draw it. */
const languageRules: Record<Language, string> = {
  python:
    'Write one Python script that draws the picture with matplotlib (or seaborn, plotly, networkx, RDKit) and saves it as one PNG file. It runs without network and without other files.',
  html: 'Write one complete HTML page with its styles inline. It is shown at the width of the target, without network.',
  svg: 'Write one standalone SVG with the width, height and viewBox of the target. No scripts, no external files.',
  latex:
    'Write one LaTeX document, or one tikzpicture. It is compiled by pdflatex, without network and without other files.',
  smiles: 'Write one SMILES string on one line.',
  mermaid: 'Write one Mermaid diagram, without front matter that changes its security level.',
};

/** The system text of every call. */
export function instructionsFor(language: Language): string {
  return [
    'You write code that draws a given picture. Your code is rendered and compared with the target picture, region by region.',
    languageRules[language],
    'A `task` block in the prompt states the task as data. Boxes are in pixels of the target, origin top left.',
  ].join('\n');
}

/** How the reply must look: a whole fenced block, or search/replace edits in one. */
export function answerRules(answer: Task['answer'], language: Language): string {
  const name = fenceNames[language][0];
  if (answer === 'code') return `Answer with all of the code in one fenced block that opens with \`\`\`${name}.`;
  return [
    `Answer with edits to the current code in one fenced block that opens with \`\`\`${name}, in this form:`,
    `\`\`\`${name}`,
    editMarkers.search,
    'lines of the current code, exactly as they stand, enough of them to be found once',
    editMarkers.divider,
    'the lines that replace them',
    editMarkers.replace,
    '```',
    'Write as many edits as you need. Change only what mends the patches; leave the rest as it is.',
  ].join('\n');
}
