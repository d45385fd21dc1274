import type { MakeHostilePrograms } from '../../../port/samples.ts';

const graph = (body: string): string => `flowchart LR\n  innocent --> right\n${body}`;
const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');

/** Diagrams that run scripts, load, read, hang, or are too much. */
export const mermaidPrograms: MakeHostilePrograms = ({ port, folder }) => {
  const home = `http://127.0.0.1:${port}`;
  const caught = `fetch('${home}/').catch(()=>0);document.documentElement.style.background='magenta'`;
  const init = (config: object): string => `%%{init: ${JSON.stringify(config)}}%%\n${graph('')}`;
  return {
    'click with a callback': ['any', graph(`  click innocent call alert("x")\n  click right callback "tip"`)],
    'click with a script for an address': [
      'any',
      graph(
        `  click innocent href "javascript:${caught}"\n  click right "data:text/html,<script>${caught}</script>" _self`,
      ),
    ],
    'a label with a script': ['any', graph(`  a["<script>${caught.replaceAll('"', "'")}</script>"]`)],
    'a label with an image that fails': [
      'any',
      graph(
        `  a["<img src=x onerror=&quot;${caught}&quot;>"]\n  b["<img src='x' onerror='document.documentElement.style.background=#quot;magenta#quot;'>"]`,
      ),
    ],
    'a label with frames': [
      'any',
      graph(
        `  a["<iframe src='${home}/'></iframe><object data='file://${folder}/secret.svg'></object><embed src='${home}/'>"]`,
      ),
    ],
    'a label with a style sheet': [
      'any',
      graph(
        `  a["<style>*{fill:magenta!important;background:magenta!important}</style><link rel=stylesheet href='${home}/'>"]`,
      ),
    ],
    'a label with an image of the host': [
      'any',
      graph(
        `  a["<img src='file://${folder}/secret.png'/>"]\n  b@{ img: "file://${folder}/secret.png", label: "x", w: 60, h: 60 }`,
      ),
    ],
    'a shape with an image of the network': [
      'any',
      graph(`  a@{ img: "${home}/a.png", label: "x", w: 60, h: 60, constraint: "on" }`),
    ],
    'icons of the network': [
      'any',
      `architecture-beta\n  group api(logos:aws-lambda)[API]\n  service db(${home}/x)[Database] in api\n  service disk(disk)[Storage] in api\n  db:L -- R:disk`,
    ],
    'security turned off': [
      'any',
      init({ securityLevel: 'loose', htmlLabels: true, startOnLoad: true, secure: [] }) +
        `\n  a["<img src=x onerror=${caught.replaceAll('"', "'")}>"]`,
    ],
    'style of a theme that loads': [
      'any',
      init({
        themeCSS: `@import url('${home}/a.css'); * { background: url('${home}/b.png') } } </style><script>${caught}</script><style>`,
      }),
    ],
    'variables of a theme that break out': [
      'any',
      init({
        theme: 'base',
        themeVariables: {
          primaryColor: `red;}</style><script>${caught}</script>`,
          fontFamily: `x;} @import url(${home}/f.css);`,
        },
      }),
    ],
    'front matter that breaks out': [
      'any',
      `---\ntitle: "</title><script>${caught}</script>"\nconfig:\n  securityLevel: loose\n  themeCSS: "@import url(${home}/x)"\n  fontFamily: "</style><img src=x onerror=alert(1)>"\n---\n${graph('')}`,
    ],
    'front matter that expands': [
      'any',
      `---\na: &a [x,x,x,x,x,x,x,x,x]\n${rows(8, (i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${`*${'abcdefghi'[i]},`.repeat(8)}*${'abcdefghi'[i]}]`)}\n---\n${graph('')}`,
    ],
    'prototypes polluted by a directive': [
      'any',
      `%%{init: {"__proto__": {"htmlLabels": true, "left": "ESCAPED"}, "constructor": {"prototype": {"left": "ESCAPED"}}}}%%\n${graph('')}`,
      graph('  left'),
    ],
    'settings left for the next': [
      'any',
      init({ theme: 'dark', flowchart: { curve: 'step' }, fontSize: 60 }),
      graph(''),
    ],
    'style of a class that loads': [
      'any',
      graph(
        `  classDef x fill:url(${home}/p),background:url(${home}/b.png);\n  class innocent x\n  style right fill:url(${home}/p)`,
      ),
    ],
    'mathematics with links': [
      'any',
      graph(
        `  a["$$\\href{javascript:${caught}}{x} \\includegraphics{${home}/x.png} \\htmlStyle{background:magenta}{x}$$"]`,
      ),
    ],
    'a formula without end': ['any', graph(`  a["$$\\def\\x{\\x\\x}\\x$$"]`)],
    'a page in its place': ['any', `<h1>hello</h1><script>${caught}</script><!doctype html>`],
    'the end of the script around it': ['any', graph(`  a["</script></pre></div><script>${caught}</script>"]`)],
    'a template within a text': [
      'any',
      graph("  a[\"`${document.documentElement.style.background='magenta'}` ' \\u0060 \\\\\"]"),
    ],
    'a line separator and a NUL': ['any', graph('  a["x\u2028y\u2029z\u0000\ud800"]')],
    'ten thousand arrows': ['any', graph(rows(10_000, (i) => `  n${i % 100} --> n${(i * 7) % 100}`))],
    'a web of arrows past the limit of the library': [
      'any',
      init({ maxEdges: 1e9, maxTextSize: 1e9 }) + '\n' + rows(5000, (i) => `  n${i % 300} --> n${(i * 31) % 300}`),
    ],
    'a text of a million letters': ['any', graph(`  a["${'x'.repeat(1_000_000)}"]`)],
    'groups within groups': [
      'any',
      `flowchart LR\n${rows(300, (i) => `subgraph g${i}`)}\n a --> b\n${rows(300, () => 'end')}`,
    ],
    'a chart with ticks of a millisecond': [
      'any',
      'gantt\n  dateFormat YYYY-MM-DD\n  tickInterval 1millisecond\n  section x\n  a : 0001-01-01, 9999-12-31',
    ],
    'a chart that leaves out every day': [
      'any',
      'gantt\n  dateFormat YYYY-MM-DD\n  excludes monday,tuesday,wednesday,thursday,friday,saturday,sunday\n  a : 2024-01-01, 30d',
    ],
    'a parser led astray': [
      ['syntax', 'runtime', 'timeout', 'empty', 'too-large'],
      `flowchart LR\n  ${'a[('.repeat(50_000)}`,
    ],
    'a comment without end': ['any', `%%{init: ${'{"a":'.repeat(50_000)}`],
    'a conversation of a hundred thousand': ['any', `sequenceDiagram\n${rows(20_000, (i) => `  a${i % 9}->>b: ${i}`)}`],
    'loops within loops': [
      'any',
      `sequenceDiagram\n${rows(500, () => '  loop again')}\n  a->>b: x\n${rows(500, () => '  end')}`,
    ],
    'a pie of nothing and of everything': [
      'any',
      'pie\n  "a" : 0.0000000000001\n  "b" : 999999999999999999999999999999999999',
    ],
    'blocks without number': ['any', `block-beta\n  columns 1000000000\n  ${'a:1000000 '.repeat(500)}`],
    'a map of the mind without end': ['any', `mindmap\n${rows(800, (i) => `${' '.repeat(i + 1)}n${i}`)}`],
    'a plot without end': [
      'any',
      `xychart-beta\n  x-axis 0 --> 1e308\n  y-axis -1e308 --> 1e308\n  line [${'1e308, '.repeat(5000)}0]`,
    ],
    'packets of every bit': ['any', 'packet-beta\n  0-999999999: "x"'],
    'a history without end': ['any', `gitGraph\n${rows(3000, (i) => `  commit id: "${i}"`)}`],
  };
};
