/** Spans between these delimiters hold no text. */
const opaque: [string, string][] = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!', '>'],
];

const shown = new Set(['text', 'foreignObject']);
const hidden = new Set('title desc metadata style script defs symbol clipPath mask pattern marker template'.split(' '));
/** Elements whose content continues the line of the text before them. */
const inline = new Set('a b i em strong span tspan textPath code small sub sup u s font mark'.split(' '));

type Visibility = 'shown' | 'hidden' | 'neither';

interface Open {
  name: string;
  visibility: Visibility;
  hasChild: boolean;
}

/** The depth limit of XML parsers. Deeper elements are read as if they were at this depth. */
const maxDepth = 256;
const maxAttributesRead = 2000;

/**
 * The text of an SVG's text elements and foreign objects in document order, a line each; `tspan`s that are placed by `x`, `y` or `dy`
 * start a line. Read from the code, in time proportional to its length, so that it does not depend on the engine. Text that
 * only style sheets hide counts as shown.
 */
export function readSvgText(code: string, maxLength: number): string {
  const open: Open[] = [];
  let text = '';
  for (let at = 0; at < code.length && text.length < 2 * maxLength;) {
    const tag = code.indexOf('<', at);
    const isShown = open.at(-1)?.visibility === 'shown';
    const end = tag === -1 ? code.length : tag;
    if (isShown) text += decode(code.slice(at, Math.min(end, at + 2 * maxLength)));
    if (tag === -1) break;
    if (code.startsWith('<![CDATA[', tag)) {
      at = closeOf(code, tag, ']]>');
      if (isShown) text += code.slice(tag + 9, Math.min(at - 3, tag + 9 + 2 * maxLength));
      continue;
    }
    const span = opaque.find(([start]) => code.startsWith(start, tag));
    if (span) {
      at = closeOf(code, tag, span[1]);
      continue;
    }
    const { name, isClosing, isEmpty, attributes, end: endOfTag } = readTag(code, tag);
    at = endOfTag;
    if (breaksLine(name, attributes)) text += '\n';
    if (isClosing) {
      const index = open.findLastIndex((element) => element.name === name);
      if (index !== -1) open.length = index;
    } else {
      const parent = open.at(-1);
      const visibility = visibilityIn(parent, name, attributes);
      if (parent) parent.hasChild = true;
      if (!isEmpty && open.length < maxDepth) open.push({ name, visibility, hasChild: false });
    }
  }
  return tidy(text).slice(0, maxLength);
}

function visibilityIn(parent: Open | undefined, name: string, attributes: string): Visibility {
  if (parent?.visibility === 'hidden' || hidden.has(name) || isHiddenBy(attributes)) return 'hidden';
  // A switch shows only one child: a foreign object comes before its fallback text.
  if (parent?.name === 'switch' && parent.hasChild) return 'hidden';
  return shown.has(name) ? 'shown' : (parent?.visibility ?? 'neither');
}

const isHiddenBy = (attributes: string): boolean =>
  /\bdisplay\s{0,9}[:=]\s{0,9}["']?\s{0,9}none\b|\bvisibility\s{0,9}[:=]\s{0,9}["']?\s{0,9}hidden\b/.test(attributes);

const breaksLine = (name: string, attributes: string): boolean =>
  name === 'tspan' ? /\s(?:x|y|dy)\s*=/.test(attributes) : !inline.has(name);

interface Tag {
  name: string;
  isClosing: boolean;
  isEmpty: boolean;
  attributes: string;
  end: number;
}

function readTag(code: string, start: number): Tag {
  const end = closeOf(code, start, '>');
  const inside = code.slice(start + 1, end - 1);
  const [whole = '', slash = '', name = ''] = /^(\/?)\s*(?:svg:)?([\w:.-]{0,80})/.exec(inside) ?? [];
  return {
    name,
    isClosing: slash === '/',
    isEmpty: inside.endsWith('/'),
    attributes: inside.slice(whole.length, whole.length + maxAttributesRead),
    end,
  };
}

function closeOf(code: string, start: number, close: string): number {
  const at = code.indexOf(close, start + 1);
  return at === -1 ? code.length : at + close.length;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decode(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[String(name)] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
