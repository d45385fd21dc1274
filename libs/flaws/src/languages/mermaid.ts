import {
  defineFlaws,
  insteadOf,
  quoted,
  replacements,
  type FlawOption,
  type FlawSite,
  type OtherNames,
} from '../language-flaws.ts';
import { otherColors } from '../options/colors.ts';
import { otherNumbers, scaled } from '../options/numbers.ts';
import { otherTexts } from '../options/words.ts';
import names from '../names/mermaid.json' with { type: 'json' };
import { readMermaid, type Mermaid, type MermaidLine } from '../readers/mermaid.ts';
import { matchesIn } from '../readers/span.ts';

/** Lines that say how something looks, and lines that open or close a block: neither stands for a part of the diagram. */
const isStyle = ({ text }: MermaidLine): boolean =>
  /^(?:style|classDef|linkStyle|class \w+ \w+$|dateFormat|axisFormat|accTitle|%%)/.test(text);
const isBlock = ({ text }: MermaidLine): boolean =>
  /^(?:subgraph|end$|loop|alt|else|opt|par|and|critical|break|rect|section|box|direction|\})|\{$/.test(text);
const isPart = (line: MermaidLine): boolean => !isStyle(line) && !isBlock(line);

/** By the type of the diagram; of two that fit, the first counts. */
const otherMarks: Readonly<Record<string, OtherNames>> = names.marks;
const directions = ['LR', 'TB', 'RL', 'BT'];

export const mermaid = defineFlaws<Mermaid>({
  language: 'mermaid',
  read: readMermaid,
  finders: {
    'wrong-color': wrongColors,
    'wrong-label': (diagram) => [diagram.header, ...diagram.lines].flatMap((line) => wrongLabels(line, diagram)),
    'wrong-number': ({ code, lines }) => lines.filter(isPart).flatMap((line) => wrongNumbers(line, code)),
    'missing-element': ({ code, lines }) => lines.filter(isPart).map((line) => missingLine(line, code)),
    'extra-element': (diagram) => diagram.lines.filter(isPart).map((line) => extraLine(line, diagram)),
    'shifted-part': (diagram) => [
      ...wrongDirections(diagram),
      ...swappedLines(diagram),
      ...wrongEnds(diagram),
      ...wrongDates(diagram),
    ],
    'resized-part': (diagram) => [...wrongSizes(diagram), ...enlargedNodes(diagram)],
    'broken-syntax': brokenSyntax,
    'wrong-call': wrongMarks,
  },
});

const colorValues =
  /(?<=\b(?:fill|stroke|color|background|\w+Color)["']?\s*:\s*["']?)(?:#[0-9a-fA-F]{3,8}|[a-z]{3,})\b/g;

function wrongColors({ code, lines, directives }: Mermaid): FlawSite[] {
  const colors = matchesIn(code, [...lines.filter(isStyle), ...directives], colorValues);
  const themes = matchesIn(code, directives, /(?<=theme["']?\s*:\s*["']?)(?:default|forest|dark|neutral)/g);
  return [
    ...colors.map(({ start, end, text }) =>
      replacements(start, end, otherColors(text), (color) => `The color ${color} is used instead of ${text}.`),
    ),
    ...themes.map(({ start, end, text }) =>
      replacements(
        start,
        end,
        ['forest', 'dark', 'neutral'].filter((other) => other !== text),
        (other) => `The theme is ${other} instead of ${text}.`,
      ),
    ),
  ];
}

/** Where a line shows text, by the type of the diagram. */
function labelPattern({ text }: MermaidLine, type: string): RegExp {
  const bracketed = /(?<=[[({|"/])[^[\](){}|"<>]*\p{L}{2}[^[\](){}|"<>]*(?=[\])}|"/])/gu;
  if (/^(?:title|section|subgraph|pie title|participant \w+ as|actor \w+ as)\s+[^"[]*$/.test(text))
    return /(?<=title |section |subgraph | as ).+$/g;
  if (type === 'gantt') return /^[^:]+(?=:)/g;
  if (type === 'journey') return /^[^:]+(?=:)/g;
  if (type === 'quadrantChart') return /^[^:[]+(?=:\s*\[)|(?<=^quadrant-\d ).+$|(?<=axis )[^-]+/g;
  if (type === 'timeline') return /(?<=:\s*|^)[^:]*\p{L}{2}[^:]*/gu;
  if (type === 'mindmap') return /[["({]/.test(text) ? bracketed : /^[^:].*$/g;
  if (/^(?:sequenceDiagram|stateDiagram|classDiagram|erDiagram)$/.test(type)) {
    const members = type === 'classDiagram' ? '|(?<=^[+#~-])(?:\\w+ )?\\w+(?=\\(\\)$|$)' : '';
    return new RegExp(`(?<=(?<!:):\\s+)[^:"]+$|(?<=")[^"]+(?=")|(?<=^(?:loop|alt|else|opt|par) ).+$${members}`, 'g');
  }
  if (type === 'xychart') return /(?<=")[^"]+(?=")|(?<=[[,]\s*)[A-Za-z]\w+(?=\s*[,\]])/g;
  return bracketed;
}

function wrongLabels(line: MermaidLine, { code, header, type }: Mermaid): FlawSite[] {
  if (isStyle(line) || (line === header && type !== 'pie') || line.text.startsWith('direction')) return [];
  return matchesIn(code, [line], labelPattern(line, type)).map(({ start, text }) => {
    const shown = text.trim();
    const from = start + text.indexOf(shown);
    return replacements(from, from + shown.length, otherTexts(shown), (other) => {
      return `The text reads ${insteadOf(other, shown)}.`;
    });
  });
}

function wrongNumbers(line: MermaidLine, code: string): FlawSite[] {
  return matchesIn(code, [line], /(?<![\w#.:-])\d+(?:\.\d+)?(?![\w:-]|\.\d)/g).map(({ start, end, text }) =>
    replacements(
      start,
      end,
      otherNumbers(text),
      (other) => `A number of ${quoted(line.text)} is ${other} instead of ${text}.`,
    ),
  );
}

function missingLine({ start, end, text, indentation }: MermaidLine, code: string): FlawSite {
  const options: FlawOption[] = [{ text: '', description: `The line ${quoted(text)} is missing.` }];
  const lineEnd = code.indexOf('\n', end);
  if (lineEnd === -1) return { start: Math.max(0, start - indentation.length - 1), end: code.length, options };
  return { start: start - indentation.length, end: lineEnd + 1, options };
}

function extraLine(line: MermaidLine, { type, lines }: Mermaid): FlawSite {
  const { end, text, indentation } = line;
  const additions = extraTexts(text, type, lines);
  return replacements(
    end,
    end,
    additions.map((addition) => `\n${indentation}${addition}`),
    (addition) => {
      return `The additional line ${quoted(addition)} follows ${quoted(text)}.`;
    },
  );
}

/** Lines that add a part to a diagram behind the given one; none where that is not known. */
function extraTexts(text: string, type: string, lines: readonly MermaidLine[]): string[] {
  const id = /^[A-Za-z_]\w*/.exec(text)?.[0];
  const values = /\[\s*[\d.]+(?:\s*,\s*[\d.]+)*\s*\]/.exec(text)?.[0];
  switch (type) {
    case 'flowchart':
      return id && /--|==|-\./.test(text) ? [`${id} --> extraStep[Extra step]`, `${id} -.-> extraNote{{Extra}}`] : [];
    case 'sequenceDiagram': {
      const [, from, to] = /^(\w+)\s*-{1,2}[>x)]{1,2}[+-]?\s*(\w+)\s*:/.exec(text) ?? [];
      return from ? [`${from}->>${to}: Another call`, `Note over ${from}: Extra note`] : [];
    }
    case 'classDiagram':
      return id && /--|\.\./.test(text) ? [`${id} --> ExtraPart`, 'class ExtraPart'] : [];
    case 'stateDiagram':
      return id && text.includes('-->') ? [`${id} --> ExtraState`, `${id} --> ExtraState : again`] : [];
    case 'erDiagram':
      return id && text.includes('--') ? [`${id} ||--o{ EXTRA : has`] : [];
    case 'gantt':
      return text.includes(':') ? ['Extra task : 6d'] : [];
    case 'pie':
      return /:\s*[\d.]+$/.test(text) ? [`"Extra" : ${/[\d.]+$/.exec(text)![0]}`] : [];
    case 'mindmap':
      return lines[0]?.text === text ? [] : ['Extra idea'];
    case 'timeline':
      return /^\S+ :/.test(text) ? ['2099 : Extra event'] : [];
    case 'xychart':
      return values && /^(?:bar|line)/.test(text)
        ? [`line ${values.replace(/[\d.]+/g, (value) => String(Number(value) / 2))}`]
        : [];
    case 'quadrantChart':
      return /:\s*\[/.test(text) ? ['Extra point: [0.5, 0.5]', 'Extra point: [0.15, 0.85]'] : [];
    case 'journey':
      return /:\s*\d/.test(text) ? ['Extra step: 2: Me'] : [];
    case 'gitGraph':
      return /^commit/.test(text) ? ['commit id: "extra"'] : [];
    default:
      return [];
  }
}

function wrongDirections({ code, header, lines }: Mermaid): FlawSite[] {
  const stated = [header, ...lines.filter(({ text }) => text.startsWith('direction '))];
  return matchesIn(code, stated, /(?<=\s)(?:LR|RL|TB|TD|BT)$/g).map(({ start, end, text }) =>
    replacements(
      start,
      end,
      directions.filter((other) => other !== text.replace('TD', 'TB')),
      (other) => `The direction is ${other} instead of ${text}.`,
    ),
  );
}

/** Two lines of one block in the other order. */
function swappedLines({ code, lines, type }: Mermaid): FlawSite[] {
  if (type === 'pie' || type === 'xychart') return [];
  return lines.slice(1).flatMap((line, index) => {
    const previous = lines[index]!;
    if (!isPart(line) || !isPart(previous) || line.indentation !== previous.indentation || line.text === previous.text)
      return [];
    const text = line.text + code.slice(previous.end, line.start) + previous.text;
    const description = `${quoted(line.text)} stands before ${quoted(previous.text)}.`;
    return [{ start: previous.start, end: line.end, options: [{ text, description }] }];
  });
}

/** Edges of flowcharts and states that lead to another node. */
function wrongEnds({ code, lines, type }: Mermaid): FlawSite[] {
  if (type !== 'flowchart' && type !== 'stateDiagram') return [];
  const parts = lines.filter(isPart);
  const ids = [...new Set(matchesIn(code, parts, /^[A-Za-z_]\w*/g).map(({ text }) => text))];
  const ends = matchesIn(code, parts, /(?<=(?:--|==|-\.-?)>\s*(?:\|[^|]*\|\s*)?)[A-Za-z_]\w*\b(?!\s*[[({>])/g);
  return ends.map(({ start, end, text }) => {
    const others = ids.filter((other) => other !== text).slice(0, 3);
    return replacements(start, end, others, (other) => `An edge leads to ${other} instead of ${text}.`);
  });
}

/** Months of dates, the next one in their place. */
function wrongDates({ code, lines }: Mermaid): FlawSite[] {
  return matchesIn(code, lines.filter(isPart), /(?<=\d{4}-)\d\d(?=-\d\d)/g).map(({ start, end, text }) => {
    const next = String((Number(text) % 12) + 1).padStart(2, '0');
    return replacements(start, end, [next], () => `The month of a date is ${next} instead of ${text}.`);
  });
}

function wrongSizes({ code, lines, type }: Mermaid): FlawSite[] {
  const styles = matchesIn(code, lines.filter(isStyle), /(?<=(?:width|size|padding|rx|ry)\s*:\s*)\d+(?:\.\d+)?/g);
  const tasks = type === 'gantt' ? lines.filter(isPart) : [];
  return [...styles, ...matchesIn(code, tasks, /(?<=[,:]\s*)\d+(?=[dwhm]\b)/g)].map(({ start, end, text }) =>
    replacements(start, end, scaled(text, [0.4, 2, 3]), (other) => `The size ${other} is given instead of ${text}.`),
  );
}

/** Nodes of a flowchart that get a larger or smaller font. */
function enlargedNodes({ lines, type }: Mermaid): FlawSite[] {
  if (type !== 'flowchart') return [];
  return lines.filter(isPart).flatMap(({ end, text, indentation }) => {
    const id = /^[A-Za-z_]\w*/.exec(text)?.[0];
    if (!id) return [];
    const texts = ['28px', '9px'].map((size) => `\n${indentation}style ${id} font-size:${size}`);
    return [replacements(end, end, texts, (style) => `The node ${id} has the font size ${style.split(':')[1]}.`)];
  });
}

function brokenSyntax({ code, header, lines }: Mermaid): FlawSite[] {
  const parts = lines.filter((line) => !isStyle(line));
  const marks = parts.flatMap((line) =>
    matchesIn(code, [line], /[\])}"|](?=[^\])}]*$)|(?<=\s):(?=\s)|(?<=--?)>+/g).map((mark) => ({ ...mark, line })),
  );
  const ends = lines.filter(({ text }) => text === 'end' || text === '}').map((line) => ({ ...line, line }));
  const keyword = /^[\w-]+/.exec(header.text)?.[0] ?? '';
  return [
    replacements(header.start, header.start + keyword.length, [keyword.slice(0, -2), `${keyword}s`], (other) => {
      return `The diagram begins with ${quoted(other)} instead of ${quoted(keyword)}.`;
    }),
    ...[...marks, ...ends].map(({ start, end, line }) =>
      replacements(start, end, [''], () => `${quoted(code.slice(start, end))} of ${quoted(line.text)} is missing.`),
    ),
  ];
}

function wrongMarks({ header, lines, type }: Mermaid): FlawSite[] {
  const marks = Object.entries(Object.hasOwn(otherMarks, type) ? otherMarks[type]! : {});
  return [header, ...lines].flatMap((line) => {
    const found = marks.find(([mark]) => line.text.includes(mark));
    if (!found) return [];
    const [mark, others] = found;
    const start = line.start + line.text.indexOf(mark);
    return [
      replacements(
        start,
        start + mark.length,
        others,
        (other) => `${quoted(other)} is written where ${quoted(mark)} is meant.`,
      ),
    ];
  });
}
