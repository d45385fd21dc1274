/**
 * Runs in an isolated world of a finished page, before its screenshot. Answers as JSON: the boxes of bitmaps that the page holds itself,
 * and its pieces of text with theirs, in CSS pixels from the top left corner. `readSurvey` checks the answer.
 */
export const surveyLimits = { elements: 20_000, boxes: 1000, pieces: 4000, characters: 65_536 } as const;

export const survey = `(${String(surveyPage)})(${JSON.stringify(surveyLimits)})`;

interface Limits {
  elements: number;
  boxes: number;
  pieces: number;
  characters: number;
}

function surveyPage(limits: Limits): string {
  // 384 bytes in base64: what is shorter draws no more than a dot.
  const minLength = 512;
  const root = document.body ?? document.documentElement;
  const elements = [...document.querySelectorAll('*')].slice(0, limits.elements);
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const rectOf = ({ x, y, width, height }: DOMRect): number[] => [x, y, width, height];

  const decoded = (head: string, body: string): string => {
    try {
      return head.endsWith(';base64') ? atob(body) : decodeURIComponent(body);
    } catch {
      return '';
    }
  };
  const isBitmap = (url: string | null | undefined): boolean => {
    if (!url || url.startsWith('blob:')) return Boolean(url);
    if (!/^data:image\//i.test(url) || url.length < minLength) return false;
    const comma = url.indexOf(',');
    const head = url.slice(0, comma).toLowerCase();
    // A drawing is a bitmap where it holds one.
    return !head.startsWith('data:image/svg') || /data:image\/(?!svg)/i.test(decoded(head, url.slice(comma + 1)));
  };
  const urlsIn = (css: string): string[] => [...css.matchAll(/url\("((?:[^"\\]|\\.)*)"\)/g)].map(([, url]) => url!);
  const sourcesOf = (element: Element): (string | null)[] => {
    const attribute = (name: string): string | null => element.getAttribute(name);
    switch (element.localName) {
      case 'img':
        return [(element as HTMLImageElement).currentSrc];
      case 'image':
      case 'feImage':
        return [attribute('href') ?? attribute('xlink:href')];
      case 'canvas':
        return element.hasAttribute('data-bitmap') ? ['blob:'] : [];
      default:
        return [attribute('src'), attribute('data'), attribute('poster')];
    }
  };
  const backgrounds = ['background-image', 'border-image-source', 'mask-image', 'list-style-image', 'content'];
  const paints = ['fill', 'stroke', 'filter', 'mask'];

  // A bitmap within a pattern, a filter or a symbol is shown where that is used.
  const definitions = new Set<string>();
  for (const element of elements) {
    if (!['image', 'feImage'].includes(element.localName) || !sourcesOf(element).some(isBitmap)) continue;
    for (let at: Element | null = element; at; at = at.parentElement) if (at.id) definitions.add(`#${at.id}`);
  }
  const usesDefinition = (element: Element, style: CSSStyleDeclaration): boolean =>
    definitions.size > 0 &&
    [element.getAttribute('href') ?? element.getAttribute('xlink:href') ?? '']
      .concat(paints.flatMap((name) => urlsIn(style.getPropertyValue(name))))
      .some((url) => definitions.has(url.slice(Math.max(0, url.indexOf('#')))));

  const bitmaps: number[][] = [];
  for (const element of elements) {
    if (bitmaps.length >= limits.boxes || !isShown(element)) continue;
    const style = getComputedStyle(element);
    const styles = [style, getComputedStyle(element, '::before'), getComputedStyle(element, '::after')];
    const urls = styles.flatMap((each) => backgrounds.flatMap((name) => urlsIn(each.getPropertyValue(name))));
    if ([...sourcesOf(element), ...urls].some(isBitmap) || usesDefinition(element, style))
      bitmaps.push(rectOf(element.getBoundingClientRect()));
  }

  // What is opaque and drawn over the middle of a text hides it. Only what lies in the viewport can be asked for.
  const isCovered = (parent: Element, { x, y, width, height }: DOMRect): boolean => {
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    if (!top || top.contains(parent) || parent.contains(top) || !isShown(top)) return false;
    const { backgroundColor, opacity } = getComputedStyle(top);
    return opacity === '1' && (/^rgb\(/.test(backgroundColor) || ['IMG', 'VIDEO', 'image'].includes(top.tagName));
  };
  const shownCase = (text: string, transform: string): string => {
    if (transform === 'uppercase') return text.toUpperCase();
    return transform === 'lowercase' ? text.toLowerCase() : text;
  };
  const startsLine = (element: Element): boolean =>
    !/^(?:inline|contents|ruby|none)/.test(getComputedStyle(element).display) ||
    (element.localName === 'tspan' && ['x', 'y', 'dy'].some((name) => element.hasAttribute(name)));

  let isBroken = false;
  /** As browsers copy text: the cells of a row are parted by tabs. */
  const separatorOf = (block: Element, last: Element | null): string => {
    if (!isBroken && block === last) return '';
    const isCell = last !== null && block.localName === last.localName && /^t[dh]$/.test(block.localName);
    return isCell && !isBroken && block.parentElement === last.parentElement ? '\t' : '\n';
  };

  const pieces: [text: string, box: number[]][] = [];
  const range = document.createRange();
  let line: Element | null = null;
  let characters = 0;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (pieces.length >= limits.pieces || characters >= limits.characters) break;
    if (node instanceof Element) isBroken ||= node.localName === 'br';
    const parent = node.parentElement;
    if (!(node instanceof Text) || !parent || node.data.trim() === '' || !isShown(parent)) {
      if (node instanceof Text && pieces.length > 0 && /^\s+$/.test(node.data)) pieces.at(-1)![0] += ' ';
      continue;
    }
    range.selectNode(node);
    const rect = range.getBoundingClientRect();
    if (rect.width === 0 || rect.height === 0 || isCovered(parent, rect)) continue;
    let block: Element = parent;
    while (block !== root && !startsLine(block) && block.parentElement) block = block.parentElement;
    const text = shownCase(
      node.data.slice(0, limits.characters).replace(/\s+/g, ' '),
      getComputedStyle(parent).textTransform,
    );
    pieces.push([`${separatorOf(block, line)}${text}`, rectOf(rect)]);
    characters += text.length;
    line = block;
    isBroken = false;
  }
  return JSON.stringify({ bitmaps, pieces });
}
