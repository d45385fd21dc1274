import type { Styles } from '../../../port/samples.ts';

const teal = '2a9d8f';
const flow = 'flowchart LR\n  A[Start] --> B{Choice}\n  B -->|yes| C[End]\n  style A fill:#2a9d8f\n';

export const mermaidStyles: Styles = {
  flow: { code: flow, shows: [teal] },
  'graph for flowchart': { code: flow.replace('flowchart', 'graph'), unlike: 'a conversation' },
  'comments and empty lines': { code: `\n%% a comment\n${flow}\n\n%% the end`, like: 'flow' },
  'lines ended by semicolons': { code: flow.replaceAll('\n', ';\n'), shows: [teal] },
  'a directive': { code: `%%{init: {"theme": "forest"}}%%\n${flow}`, unlike: 'flow' },
  'front matter': { code: `---\ntitle: Steps\n---\n${flow}`, unlike: 'flow' },
  'a conversation': {
    code: 'sequenceDiagram\n  participant A\n  A->>B: Hello\n  B-->>A: Hi\n  Note over A,B: talk\n  loop again\n    A->>B: x\n  end',
  },
  classes: { code: 'classDiagram\n  Animal <|-- Duck\n  Animal : +int age\n  class Duck { +swim() }', unlike: 'flow' },
  states: { code: 'stateDiagram-v2\n  [*] --> Still\n  Still --> Moving\n  Moving --> [*]', unlike: 'flow' },
  entities: { code: 'erDiagram\n  CUSTOMER ||--o{ ORDER : places\n  ORDER { int id PK }', unlike: 'flow' },
  'a plan': {
    code: 'gantt\n  title Plan\n  dateFormat YYYY-MM-DD\n  section A\n  one :a1, 2024-01-01, 30d\n  two :after a1, 20d',
    unlike: 'flow',
  },
  'a pie': { code: 'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85', unlike: 'flow' },
  'a mind map': { code: 'mindmap\n  root((middle))\n    one\n    two\n      three', unlike: 'flow' },
  'a time line': { code: 'timeline\n  title History\n  2002 : one\n  2004 : two : three', unlike: 'flow' },
  'a chart': { code: 'xychart-beta\n  x-axis [a, b, c]\n  bar [1, 3, 2]', unlike: 'flow' },
  branches: {
    code: 'gitGraph\n  commit\n  branch develop\n  commit\n  checkout main\n  merge develop',
    unlike: 'flow',
  },
  'letters of another script': { code: 'flowchart TD\n  甲[开始] --> 乙[结束]', unlike: 'flow' },
};
