import * as answers from './hostile-answers.ts';
import { repeated } from './hostile-texts.ts';

const mebi = 2 ** 20;
const fenced = (name: string, code: string): string => `\`\`\`${name}\n${code}\n\`\`\``;
const edit = (search: string): string => `<<<<<<< SEARCH\n${search}\n=======\nx\n>>>>>>> REPLACE`;
const square = '<rect x="10" y="5" width="30" height="30" fill="#c00"/>';

/** A hostile reply, and what its candidate is: its parse status, or the kind of failure of its render. */
type Hostile = [reply: string, expected: RegExp];

/** Of each language: hostile replies, and a good one. All replies of a language are one group of candidates. */
export const hostileReplies: Record<string, { hostile: Hostile[]; good: string }> = {
  svg: {
    hostile: [
      [fenced('svg', repeated('<a>', 0.9 * mebi, '<svg>')), /^(?:syntax|too-large|runtime|memory|timeout|empty)$/],
      [fenced('svg', repeated('<g data-patch="1,1,1,1" data-detail="1">\n', 0.9 * mebi, '<svg>')), /./],
      [fenced('svg', repeated('<', 0.9 * mebi, '<svg ')), /./],
      [fenced('svg', `<svg>${'<g>'.repeat(100_000)}${'</g>'.repeat(100_000)}</svg>`), /./],
      [fenced('svg', '<svg width="64" height="48"><text>\ud800</text></svg>'), /./],
      [repeated('```svg\n', 3.9 * mebi), /^no_code$/],
      [repeated('`', 3.9 * mebi), /^no_code$/],
      [fenced('svg', repeated(`${edit('a')}\n`, 2 * mebi)), /^edit_failed$/],
      [fenced('svg', edit(repeated('\n', 3.9 * mebi))), /^edit_failed$/],
    ],
    good: fenced('svg', `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">${square}</svg>`),
  },
  python: {
    hostile: [
      [fenced('python', answers.badRow), /^runtime$/],
      [fenced('python', answers.deepHead), /^(?:runtime|timeout)$/],
      [fenced('python', answers.nestedHead), /^runtime$/],
      [fenced('python', answers.manyRemarks), /^runtime$/],
      [fenced('python', answers.manyElements), /^(?:too-large|timeout)$/],
      [fenced('python', answers.longSvg), /./],
      [fenced('python', answers.longFigure), /^too-large$/],
      [fenced('python', answers.wrongFigure), /^(?:runtime|timeout|memory|syntax)$/],
      [fenced('python', answers.manyParts), /^(?:runtime|timeout)$/],
    ],
    good: fenced(
      'python',
      'import matplotlib.pyplot as plt\nfigure = plt.figure(figsize=(0.64, 0.48), dpi=100)\nfigure.add_axes((0, 0, 0.5, 0.5), facecolor="#c00")\nfigure.savefig("figure.png")',
    ),
  },
  latex: {
    hostile: [
      [fenced('latex', `\\usepackage[${'o,'.repeat(50_000)}]{${'p,'.repeat(8000)}}$x$`), /./],
      [fenced('latex', repeated('%\n', 0.9 * mebi)), /./],
    ],
    good: fenced(
      'latex',
      '\\begin{tikzpicture}\\fill[red] (0,0) rectangle (1,1);\\draw (0,0) -- (2,1);\\end{tikzpicture}',
    ),
  },
};

/** The steps of a script whose model is named by the language, and whose candidates are its replies, the good one last. */
export const hostileSteps = Object.entries(hostileReplies).flatMap(([model, { hostile, good }]) => [
  ...hostile.map(([text], seed) => ({ when: { model, seed }, text })),
  { when: { model }, text: good },
]);
