import { diagramKeyword, isDiagramHeader } from './diagram-kinds.ts';

/** Code as Mermaid reads it, and what is lost by that. */
export interface MermaidSource {
  code: string;
  /** The first diagram of code that seems to hold several; null where it holds one. */
  first: string | null;
  /** What is left out or ignored, a sentence each. */
  notes: string[];
}

/**
 * Code without what surrounds a diagram in documents: a fence, its info word, the indentation of a page. The icons of a mind map, which
 * Mermaid reads and does not draw, become part of their labels. In linear time.
 */
export function readSource(code: string): MermaidSource {
  const lines = outdented(code.replace(/^\uFEFF/, '').split(/\r\n?|\n/));
  const { kept, several } = withoutFences(lines);
  const notes = [...ignoredSettings(kept), ...ignoredLayout(kept)];
  const read = withMindmapIcons(kept, notes);
  return { code: read.join('\n'), first: firstDiagram(read, several), notes };
}

const isBlank = (line: string): boolean => line.trim() === '';
const indentOf = (line: string): number => line.length - line.trimStart().length;

function outdented(lines: string[]): string[] {
  const start = lines.findIndex((line) => !isBlank(line));
  if (start < 0) return lines;
  let indent = Infinity;
  for (const line of lines.slice(start)) if (!isBlank(line)) indent = Math.min(indent, indentOf(line));
  return lines.slice(start).map((line) => (isBlank(line) ? '' : line.slice(indent)));
}

const isFence = (line: string): boolean => /^(?:`{3,}|~{3,})[ \t]*[\w-]*$/.test(line.trim());
const infoWord = /^\s*(?:mermaid|mmd)\s*$/i;

/** `several` is where the text after the first fenced block begins, if there is any. */
function withoutFences(lines: string[]): { kept: string[]; several: number | undefined } {
  let rest = isFence(lines[0] ?? '') ? lines.slice(1) : lines;
  if (infoWord.test(rest[0] ?? '')) rest = rest.slice(1);
  const end = rest.findIndex(isFence);
  if (end < 0) return { kept: outdented(rest), several: undefined };
  const after = rest.slice(end + 1).filter((line) => !isFence(line));
  if (after.every(isBlank)) return { kept: outdented(rest.slice(0, end)), several: undefined };
  return { kept: [...rest.slice(0, end), ...after], several: end };
}

function firstDiagram(lines: string[], several: number | undefined): string | null {
  if (several !== undefined) return lines.slice(0, several).join('\n');
  const start = lines.findIndex((line) => diagramKeyword(line) !== undefined);
  if (start < 0) return null;
  let next = lines.findIndex((line, at) => at > start && isDiagramHeader(line));
  if (next < 0) return null;
  next = beforeFrontMatter(lines, next);
  return lines.slice(0, next).join('\n');
}

/** Where the front matter begins that stands right before a line, else that line. */
function beforeFrontMatter(lines: string[], header: number): number {
  const end = lines.slice(0, header).findLastIndex((line) => !isBlank(line));
  if (end < 0 || !/^-{3,}\s*$/.test(lines[end]!)) return header;
  const start = lines.slice(0, end).findLastIndex((line) => /^-{3,}\s*$/.test(line));
  return start > 0 ? start : end;
}

const fixedNames =
  /["']?\b(securityLevel|secure|maxTextSize|maxEdges|startOnLoad|deterministicIds|deterministicIDSeed|handDrawnSeed)["']?\s*:/g;

function ignoredSettings(lines: string[]): string[] {
  const names = new Set([...settingsOf(lines).matchAll(fixedNames)].map(([, name]) => name!));
  return names.size === 0 ? [] : [`Settings that a diagram may not change are ignored: ${[...names].join(', ')}.`];
}

function ignoredLayout(lines: string[]): string[] {
  const layout = /["']?\b(?:layout|defaultRenderer)["']?\s*:\s*["']?(elk(?:\.\w+)?)\b/.exec(settingsOf(lines))?.[1];
  return layout === undefined ? [] : [`The layout ${layout} is not installed: Mermaid's own, dagre, takes its place.`];
}

/** Front matter and directives. */
function settingsOf(lines: string[]): string {
  const end = /^-{3}\s*$/.test(lines[0] ?? '') ? lines.findIndex((line, at) => at > 0 && /^-{3}\s*$/.test(line)) : 0;
  const text = lines.join('\n');
  const start = text.indexOf('%%{');
  const stop = text.lastIndexOf('}%%');
  return [...lines.slice(0, Math.max(0, end)), start >= 0 && stop > start ? text.slice(start, stop) : ''].join('\n');
}

const iconLine = /^\s*::icon\(([^)]{1,80})\)\s*$/;
/** Font Awesome's styles, by the words that name them in classes. */
const styles: Record<string, string> = {
  fa: 'fa',
  fas: 'fas',
  far: 'far',
  fab: 'fab',
  'fa-solid': 'fas',
  'fa-regular': 'far',
  'fa-brands': 'fab',
};

function withMindmapIcons(lines: string[], notes: string[]): string[] {
  if (!lines.some((line) => /^mindmap\b/.test(line))) return lines;
  const unknown = new Set<string>();
  const kept: string[] = [];
  /** The line of the label that the next icon belongs to. */
  let label: number | undefined;
  for (const line of lines) {
    const classes = iconLine.exec(line)?.[1];
    if (classes === undefined) {
      if (!isBlank(line)) label = kept.length;
      kept.push(line);
      continue;
    }
    const icon = labelIcon(classes);
    if (icon === undefined) unknown.add(classes);
    else if (label !== undefined) kept[label] = withIcon(kept[label]!, icon);
    label = undefined;
  }
  if (unknown.size > 0) {
    notes.push(`Icons that are not drawn, since only those of Font Awesome are installed: ${[...unknown].join(', ')}.`);
  }
  return kept;
}

function labelIcon(classes: string): string | undefined {
  const words = classes.trim().split(/[\s:]+/);
  const style = words.map((word) => styles[word]).find((found) => found !== undefined);
  const icon = words.find((word) => /^fa-[\w-]+$/.test(word) && styles[word] === undefined);
  return style === undefined || icon === undefined ? undefined : `${style}:${icon}`;
}

/** The icon stands before the words of the label, within its brackets and quotes. */
const withIcon = (line: string, icon: string): string =>
  line.replace(/^(\s*(?:[^\s[({)]*(?:\(\(|\{\{|\)\)|\[|\(|\)(?!$))["`]*)?)/, `$1${icon} `);
