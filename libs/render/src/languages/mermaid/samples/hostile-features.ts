import type { MakeHostilePrograms } from '../../../port/samples.ts';
import { around, attack, drawn, graph, growing, orange, refusedAs, rows, unseen } from './hostile-source.ts';

/** Diagrams that turn one kind of diagram, or one setting, against the renderer. */
export const mermaidFeatures: MakeHostilePrograms = ({ port, folder }) => {
  const home = `http://127.0.0.1:${port}`;
  const paint = "document.documentElement.style.background='magenta'";
  const init = (config: object, body = ''): string => `%%{init: ${JSON.stringify(config)}}%%\n${graph(body)}`;
  /** Makes a diagram known by its color that is scaled down until its words are no longer seen. */
  const inOrange = `%%{init: {"themeCSS": "rect { fill: orange !important; stroke: orange !important }"}}%%\n`;
  const tree = (depth: number): string =>
    depth === 0 ? 'leaf' : `\\frac{${tree(depth - 1)}}{\\sqrt{${tree(depth - 1)}}}`;
  return {
    'keys of security taken from the list': attack(
      init({
        secure: [],
        securityLevel: 'loose',
        maxTextSize: 1e9,
        maxEdges: 1e9,
        deterministicIds: false,
        dompurifyConfig: { ADD_TAGS: ['script', 'iframe'], ADD_ATTR: ['onerror'], FORBID_TAGS: [] },
        themeCSS: '.node rect { fill: orange !important }',
      }),
      orange,
    ),
    'several directives that outdo each other': attack(
      `%%{init: {"securityLevel": "loose"}}%%\n%%{initialize: {"securityLevel": "antiscript"}}%%\n%%{wrap}%%\n${graph(`  a["shown <img src=x onerror=${paint}> after"]`)}`,
      around,
    ),
    'a directive that is no JSON': attack(`%%{init: {'theme': 'dark', }}}}%%\n${graph('')}`, drawn),
    'settings that are functions of the prototype': attack(
      `%%{init: {"flowchart": {"__proto__": {"curve": "x"}, "toString": 1, "constructor": 1, "hasOwnProperty": 1}, "logLevel": {"valueOf": 1}}}%%\n${graph('')}`,
      drawn,
      attack(graph('  next'), /next/),
    ),
    'nodes by names of the prototype': refusedAs(
      'flowchart LR\n  __proto__ --> constructor\n  constructor --> toString\n  hasOwnProperty --> benign\n  benign --> right',
      'runtime',
      /Cannot set properties of undefined/,
    ),
    'classes by names of the prototype': refusedAs(
      'classDiagram\n  class benign {\n    +__proto__ constructor\n    +toString() valueOf\n  }\n  benign <|-- hasOwnProperty',
      'runtime',
      /Cannot set properties of undefined/,
    ),
    'a layout that is not there': attack(
      `---\nconfig:\n  layout: elk\n  look: handDrawn\n  elk:\n    nodePlacementStrategy: "${home}/x"\n---\n${graph('')}`,
      drawn,
    ),
    'links of every kind of diagram': attack(
      `sequenceDiagram\n  participant A as shown\n  link A: Home @ ${home}/a\n  links A: {"x": "javascript:${paint.replaceAll("'", '')}", "y": "file://${folder}/secret.txt"}\n  properties A: {"class": "internal", "icon": "@${home}/icon.png"}\n  A->>A: after`,
      around,
    ),
    'clicks in charts of time': attack(
      `gantt\n  dateFormat YYYY-MM-DD\n  section shown\n  after : t1, 2024-01-01, 3d\n  click t1 href "javascript:${paint.replaceAll("'", '')}"\n  click t1 call alert("x")`,
      /after[\s\S]*shown/,
    ),
    'a date of a format without end': attack(
      `gantt\n  dateFormat ${'YYYY-MM-DD '.repeat(2000)}\n  axisFormat ${'%Y%j%U'.repeat(3000)}\n  todayMarker stroke-width:99999px,background:url(${home}/x)\n  section shown\n  after : 2024-01-01, 99999999d`,
      /refused: [^\n]*\/x \(image\)/,
    ),
    'words that lead a pattern astray': growing(
      (count) => `flowchart LR\n  benign["${'<'.repeat(count)}${'&#'.repeat(count)}"] --> after["after"]`,
      [3, 9000],
      /after/,
      { ok: unseen },
    ),
    'spaces that lead a pattern astray': growing(
      (count) => `flowchart LR${' '.repeat(count)}\n${'\t'.repeat(count)}benign --> right${' '.repeat(count)}`,
      [3, 10_000],
      drawn,
    ),
    'a label of Markdown without end': growing(
      (count) => `flowchart LR\n  benign["\`${'**_'.repeat(count)}${'[x]('.repeat(count)}\`"] --> after`,
      [2, 3000],
      /after/,
    ),
    'a formula of fractions': attack(graph(`  a["$$${tree(10)}$$"]`), drawn),
    'formulas with commands of the page': growing(
      (count) =>
        graph(
          `  a["$$\\htmlClass{x}{y} \\htmlId{diagram}{y} \\htmlData{a=b}{y} \\url{javascript:${paint}} \\rule{${count}em}{${count}em}$$"]`,
        ),
      [1, 99_999],
      drawn,
      { ok: unseen },
    ),
    'states within states': attack(
      `${inOrange}stateDiagram-v2\n${rows(60, (i) => `state s${i} {`)}\n  [*] --> shown\n${rows(60, () => '}')}`,
      orange,
    ),
    'journeys, quadrants and rivers of numbers that are none': attack(
      'quadrantChart\n  title shown\n  x-axis Low --> High\n  quadrant-1 after\n  A: [0.3, 0.6]\n  B: [0.999999999999, 0.000000000001]',
      /shown[\s\S]*after|after[\s\S]*shown/,
    ),
    'a flow of quantities in a ring': refusedAs(
      'sankey-beta\na,b,10\nb,c,10\nc,a,10',
      'runtime',
      /circular|link|undefined|Infinity|stack/i,
    ),
    'a timeline of a thousand periods': growing(
      (count) => `timeline\n  title shown\n${rows(count, (i) => `  ${i} : event ${i} : other`)}`,
      [2, 400],
      /shown/,
    ),
    'a tree of requirements and relations': attack(
      `requirementDiagram\n  requirement benign {\n    id: 1\n    text: shown\n    risk: high\n    verifymethod: test\n  }\n  element right {\n    type: simulation\n    docRef: ${'x/'.repeat(500)}\n  }\n  right - satisfies -> benign`,
      /benign/,
    ),
    'persons, systems and their pictures': attack(
      `C4Context\n  title shown\n  Person(a, "after", "d", $sprite="${home}/sprite.png", $link="javascript:${paint.replaceAll("'", '')}")\n  System(b, "b")\n  Rel(a, b, "uses")\n  UpdateElementStyle(a, $bgColor="url(${home}/bg)")`,
      /shown|after/,
    ),
    'icons by address': attack(
      graph(
        `  a@{ icon: "${home}/x:y", form: "circle", label: "shown" }\n  b["fa:fa-x<img src='${home}/fa'>"]\n  c["fab:fa-><script>${paint}</script>"]`,
      ),
      /benign/,
    ),
  };
};
