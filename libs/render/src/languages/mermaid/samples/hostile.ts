import type { MakeHostilePrograms } from '../../../port/samples.ts';
import {
  around,
  attack,
  drawn,
  graph,
  growing,
  huge,
  orange,
  refusedAs,
  refusedImage,
  rows,
  tooLong,
} from './hostile-source.ts';

/** Diagrams that run scripts, load, read, hang, or are too much. */
export const mermaidPrograms: MakeHostilePrograms = ({ port, folder }) => {
  const home = `http://127.0.0.1:${port}`;
  const caught = `fetch('${home}/').catch(()=>0);document.documentElement.style.background='magenta'`;
  /** Mermaid turns each single quote of a directive into a double one, which would end a string of its JSON. */
  const inJson = caught.replaceAll("'", '"');
  const label = (content: string): string => graph(`  a["shown ${content} after"]`);
  const init = (config: object): string => `%%{init: ${JSON.stringify(config)}}%%\n${graph('')}`;
  return {
    'click with a callback': attack(
      graph(`  click benign call alert("x")\n  click right callback "tip"\n  right --> after`),
      /benign[\s\S]*after/,
    ),
    'click with a script for an address': attack(
      graph(
        `  click benign href "javascript:${caught}"\n  click right "data:text/html,<script>${caught}</script>" _self\n  right --> after`,
      ),
      /benign[\s\S]*after/,
    ),
    'a label with a script': attack(label(`<script>${caught.replaceAll('"', "'")}</script>`), around),
    'a label with an image that fails': attack(
      graph(
        `  a["<img src=x onerror=&quot;${caught}&quot;>"]\n  b["<img src='x' onerror='document.documentElement.style.background=#quot;magenta#quot;'>"]`,
      ),
      refusedImage,
    ),
    'a label with frames': attack(
      label(
        `<iframe src='${home}/'></iframe><object data='file://${folder}/secret.svg'></object><embed src='${home}/'>`,
      ),
      around,
    ),
    'a label with a style sheet': attack(
      label(
        `<style>*{fill:magenta!important;background:magenta!important}</style><link rel=stylesheet href='${home}/'>`,
      ),
      around,
    ),
    'a label with an image of the host': attack(label(`<img src='file://${folder}/secret.png'/>`), around),
    'a shape with an image of the host': refusedAs(
      graph(`  b@{ img: "file://${folder}/secret.png", label: "x", w: 60, h: 60 }`),
      'runtime',
      /source image cannot be decoded/,
    ),
    'a shape with an image of the network': refusedAs(
      graph(`  a@{ img: "${home}/a.png", label: "x", w: 60, h: 60, constraint: "on" }`),
      'runtime',
      /source image cannot be decoded/,
    ),
    'icons of a pack that is not there': attack(
      'architecture-beta\n  group api(logos:aws-lambda)[API]\n  service db(logos:aws-aurora)[Database] in api\n  service disk(disk)[Storage] in api\n  db:L -- R:disk',
      /Database\s+\?\s+Storage/,
    ),
    'an address as an icon': refusedAs(
      `architecture-beta\n  service db(${home}/x)[Database]`,
      'syntax',
      /Lexer error on line 2, column 13: unexpected character: ->\(<-/,
    ),
    'security turned off': attack(
      init({ securityLevel: 'loose', htmlLabels: true, startOnLoad: true, secure: [] }) +
        `\n  a["<img src=x onerror=${caught.replaceAll('"', "'")}>"]`,
      refusedImage,
    ),
    'style of a theme that loads': attack(
      init({
        themeCSS: `.node rect { fill: orange !important } * { background: url(${home}/b.png) } @import url(${home}/a.css);`,
      }),
      orange,
    ),
    'style of a theme that breaks out': attack(
      init({
        theme: 'base',
        themeVariables: { mainBkg: 'orange' },
        themeCSS: `.node rect { fill: red } } </style><script>${inJson}</script><style>`,
      }),
      orange,
    ),
    // Mermaid drops the values before it looks for colors.
    'variables of a theme that break out': refusedAs(
      init({
        theme: 'base',
        themeVariables: {
          primaryColor: `red;}</style><script>${inJson}</script>`,
          fontFamily: `x;} @import url(${home}/f.css);`,
        },
      }),
      'runtime',
      /Unsupported color format: ""/,
    ),
    'front matter that breaks out': attack(
      `---\ntitle: "shown </title><script>${caught}</script> after"\nconfig:\n  securityLevel: loose\n  themeCSS: "@import url(${home}/x)"\n  fontFamily: "</style><img src=x onerror=alert(1)>"\n---\n${graph('')}`,
      /shown/,
    ),
    'front matter that expands': attack(
      `---\ntitle: shown\na: &a [x,x,x,x,x,x,x,x,x]\n${rows(8, (i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${`*${'abcdefghi'[i]},`.repeat(8)}*${'abcdefghi'[i]}]`)}\n---\n${graph('')}`,
      /shown/,
    ),
    'prototypes polluted by a directive': attack(
      `%%{init: {"__proto__": {"htmlLabels": true, "left": "ESCAPED"}, "constructor": {"prototype": {"left": "ESCAPED"}}, "themeCSS": ".node rect { fill: orange !important }"}}%%\n${graph('')}`,
      orange,
      attack(graph('  left'), /left/),
    ),
    'settings left for the next': attack(
      init({
        theme: 'dark',
        flowchart: { curve: 'step' },
        fontSize: 60,
        themeCSS: '.node rect { fill: orange !important }',
      }),
      orange,
      attack(graph(''), drawn),
    ),
    'style of a class that loads': refusedAs(
      graph(`  classDef x fill:url(${home}/p),background:url(${home}/b.png);\n  class benign x`),
      'syntax',
      /Parse error on line 3/,
    ),
    'style of a node that loads': refusedAs(
      graph(`  style right fill:url(${home}/p)`),
      'syntax',
      /Parse error on line 3/,
    ),
    'mathematics with links': attack(
      graph(
        `  a["$$\\href{javascript:${caught}}{x} \\includegraphics{${home}/x.png} \\htmlStyle{background:magenta}{x}$$"]`,
      ),
      /\\href\s+\\includegraphics\s+\\htmlStyle/,
    ),
    'a formula without end': refusedAs(graph(`  a["$$\\def\\x{\\x\\x}\\x$$"]`), 'syntax', /Too many expansions/),
    'a page in its place': refusedAs(
      `<h1>hello</h1><script>${caught}</script><!doctype html>`,
      'syntax',
      /No diagram type detected/,
    ),
    'the end of the script around it': attack(label(`</script></pre></div><script>${caught}</script>`), around),
    'a template within a text': attack(
      label("`${document.documentElement.style.background='magenta'}` ' \\u0060 \\\\"),
      /shown `\$\{document[\s\S]*after/,
    ),
    'a line separator and a NUL': attack(graph('  a["x\u2028y\u2029z\u0000\ud800"]'), /x\s*y\s*z/),
    'ten thousand arrows': tooLong(graph(rows(10_000, (i) => `  n${i % 100} --> n${(i * 7) % 100}`))),
    'two thousand arrows': growing(
      (count) => graph(rows(count, (i) => `  n${i % 100} --> n${(i * 7) % 100}`)),
      [5, 1990],
      /n0[\s\S]*n3/,
    ),
    'a web of arrows past the limit of the library': refusedAs(
      init({ maxEdges: 1e9, maxTextSize: 1e9 }) + '\n' + rows(2500, (i) => `  n${i % 300} --> n${(i * 31) % 300}`),
      'too-large',
      /exceed/,
    ),
    'a text of a million letters': tooLong(graph(`  a["${'x'.repeat(1_000_000)}"]`)),
    'groups within groups': growing(
      (count) => `flowchart LR\n${rows(count, (i) => `subgraph g${i}`)}\n a --> b\n${rows(count, () => 'end')}`,
      [3, 300],
      /g0[\s\S]*a\s+b/,
    ),
    'a chart with ticks of a millisecond': attack(
      'gantt\n  dateFormat YYYY-MM-DD\n  tickInterval 1millisecond\n  section x\n  a : 0001-01-01, 9999-12-31',
      /1000-01-01[\s\S]*9000-01-01/,
    ),
    'a chart that leaves out every day': growing(
      (count) =>
        `gantt\n  dateFormat YYYY-MM-DD\n  excludes ${['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].slice(0, count).join()}\n  section x\n  task : 2024-01-01, 30d`,
      [1, 7],
      /task/,
      { runtime: /valid date that was not excluded/ },
    ),
    'a parser led astray': {
      code: `flowchart LR\n  ${'a[('.repeat(16_000)}`,
      endings: { syntax: /^Mermaid cannot render it: [\s\S]*Parse error on line 2/ },
    },
    'a comment without end': refusedAs(`%%{init: ${'{"a":'.repeat(9000)}`, 'syntax', /No diagram type detected/),
    'a conversation without end': growing(
      (count) => `sequenceDiagram\n${rows(count, (i) => `  a${i % 9}->>b: m${i}`)}`,
      [5, 2500],
      /m4/,
    ),
    'loops within loops': growing(
      (count) =>
        `sequenceDiagram\n${rows(count, () => '  loop again')}\n  a->>b: message\n${rows(count, () => '  end')}`,
      [3, 500],
      /message/,
    ),
    'a pie of nothing and of everything': attack(
      'pie showData\n  "a" : 0.0000000000001\n  "b" : 999999999999999999999999999999999999',
      /100%/,
    ),
    'blocks without number': growing(
      (count) => `block-beta\n  columns 1000000000\n${rows(count, (i) => `  a${i}:${count > 9 ? 1_000_000 : 1}`)}`,
      [3, 500],
      /a0/,
    ),
    'a map of the mind without end': growing(
      (count) => `mindmap\n${rows(count, (i) => `${' '.repeat(i + 1)}n${i}`)}`,
      [3, 250],
      /n0[\s\S]*n2/,
    ),
    'a plot of numbers as large as may be': attack(
      `xychart-beta\n  title shown\n  x-axis 0 --> ${huge}\n  y-axis -${huge} --> ${huge}\n  line [${`${huge}, `.repeat(150)}0]`,
      /shown/,
    ),
    'packets of every bit': growing((count) => `packet-beta\n  0-${count}: "bits"`, [31, 999_999_999], /bits/),
    'a history without end': growing(
      (count) => `gitGraph\n${rows(count, (i) => `  commit id: "${i}"`)}`,
      [3, 2400],
      /main/,
    ),
  };
};
