import { maxRenderTextLength } from '@pentimento/contracts';

/**
 * Runs in every document before its own scripts, so that the same code renders the same image at any time. Randomness is seeded.
 * Time is simulated: it stands still while a script runs (but advances slowly while a script reads it in a loop, so that a busy wait
 * ends), and steps from timer to timer and frame to frame, in order, from the load event to the end of the first second.
 * Functions that wait for a person do nothing. All this is for honest pages; the sandbox confines hostile ones.
 */
export const pageScript = `(${String(makeDeterministic)})();`;

function makeDeterministic(): void {
  const startOfTime = 1735732800000;
  const endOfTime = 1000;
  const frame = 16;

  let seed = 0x9e3779b9;
  const random = (): number => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
  Math.random = random;
  crypto.getRandomValues = (array) => {
    const bytes = array as unknown as Uint8Array;
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < view.length; i++) view[i] = Math.floor(random() * 256);
    return array;
  };

  let elapsed = 0;
  let reads = 0;
  const now = (): number => elapsed + Math.floor(++reads / 100);
  const RealDate = Date;
  const SimulatedDate = new Proxy(RealDate, {
    construct: (target, args: [number], newTarget) =>
      Reflect.construct(target, args.length ? args : [startOfTime + now()], newTarget) as Date,
    apply: () => new RealDate(startOfTime + now()).toString(),
  });
  RealDate.now = () => startOfTime + now();
  RealDate.prototype.constructor = SimulatedDate;
  globalThis.Date = SimulatedDate;
  performance.now = now;

  interface Timer {
    due: number;
    every: number | null;
    work: () => void;
  }
  const timers = new Map<number, Timer>();
  let lastTimer = 0;
  let isRunning = false;
  const channel = new MessageChannel();
  const wake = (): void => {
    if (isRunning || document.readyState !== 'complete' || timers.size === 0) return;
    isRunning = true;
    channel.port2.postMessage(0);
  };
  channel.port1.onmessage = () => {
    isRunning = false;
    let id: number | undefined;
    for (const [candidate, { due }] of timers) if (id === undefined || due < timers.get(id)!.due) id = candidate;
    const timer = id === undefined ? undefined : timers.get(id)!;
    if (!timer || timer.due > endOfTime) return;
    elapsed = Math.max(elapsed, timer.due);
    timers.delete(id!);
    if (timer.every !== null) timers.set(id!, { ...timer, due: elapsed + timer.every });
    try {
      timer.work();
    } finally {
      wake();
    }
  };
  addEventListener('load', () => queueMicrotask(wake));

  const add = (due: number, every: number | null, work: () => void): number => {
    timers.set(++lastTimer, { due, every, work });
    wake();
    return lastTimer;
  };
  const millisecondsOf = (delay: unknown): number => Math.max(1, Math.trunc(Number(delay)) || 0);
  const workOf = (handler: unknown, args: unknown[]) => () =>
    typeof handler === 'function'
      ? void (handler as (...args: unknown[]) => void).apply(globalThis, args)
      : (0, eval)(String(handler));
  const remove = (id: unknown): void => void timers.delete(Number(id));
  Object.assign(globalThis, {
    setTimeout: (handler: unknown, delay?: unknown, ...args: unknown[]) =>
      add(elapsed + millisecondsOf(delay), null, workOf(handler, args)),
    setInterval: (handler: unknown, delay?: unknown, ...args: unknown[]) =>
      add(elapsed + millisecondsOf(delay), millisecondsOf(delay), workOf(handler, args)),
    requestAnimationFrame: (callback: FrameRequestCallback) =>
      add((Math.floor(elapsed / frame) + 1) * frame, null, () => callback(elapsed)),
    requestIdleCallback: (work: IdleRequestCallback) =>
      add(elapsed + 1, null, () => work({ didTimeout: false, timeRemaining: () => 50 })),
    clearTimeout: remove,
    clearInterval: remove,
    cancelAnimationFrame: remove,
    cancelIdleCallback: remove,
  });

  // A canvas that shows an embedded image is marked, since nothing else tells it from a drawing.
  const { prototype } = CanvasRenderingContext2D;
  const { drawImage } = prototype;
  prototype.drawImage = function (this: CanvasRenderingContext2D, ...given: [CanvasImageSource, ...number[]]) {
    const [source] = given;
    const isEmbedded = source instanceof HTMLImageElement && /^(?:data:image\/(?!svg)|blob:)/i.test(source.src);
    if (isEmbedded || source instanceof ImageBitmap) this.canvas.setAttribute('data-bitmap', '');
    Reflect.apply(drawImage, this, given);
  };

  const nothing = (): null => null;
  for (const name of ['open', 'close', 'print', 'stop', 'moveTo', 'resizeTo'])
    Object.assign(globalThis, { [name]: nothing });
  for (const name of ['log', 'info', 'debug', 'dir', 'table', 'trace', 'warn'])
    Object.assign(console, { [name]: nothing });
}

/** Runs in an isolated world once a page without scripts has loaded. Resolves when its fonts have loaded. */
export const fontsReady = 'document.fonts.ready.then(() => true)';

/**
 * The same for a page with scripts: resolves when observers of sizes and positions have been notified too, and other threads and
 * processes have had a few frames to return what they do for the page.
 */
export const settled = `document.fonts.ready.then(async () => {
  for (let round = 0; round < 4; round++)
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
})`;

/** The XML parser's error, or null. */
export const xmlError = "document.getElementsByTagName('parsererror')[0]?.textContent.slice(0, 1000) ?? null";

/**
 * Runs in an isolated world before the screenshot: moves animations to their final state, and shows what is only drawn once it is scrolled to.
 * Resolves with the page's text.
 */
export const stopMotion = `(${String(finishPage)})(${maxRenderTextLength})`;

function finishPage(maxLength: number): string {
  // Seconds. Animations that begin each other without end take a time that grows with it.
  const end = 30;
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; caret-color: transparent !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
  for (const animation of document.getAnimations()) {
    try {
      animation.finish();
    } catch {
      animation.cancel();
    }
  }
  // As with those of CSS, one that has no end leaves its element as it is without it.
  for (const animation of document.querySelectorAll('animate, animateTransform, animateMotion, set')) {
    const lasts = ['repeatCount', 'repeatDur'].map((name) => animation.getAttribute(name)?.trim());
    if (animation instanceof SVGAnimationElement && lasts.includes('indefinite')) animation.remove();
  }
  for (const svg of document.querySelectorAll('svg')) {
    svg.pauseAnimations();
    svg.setCurrentTime(end);
  }
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const { contentVisibility, contain } = getComputedStyle(element);
    if (contentVisibility !== 'auto') continue;
    element.style.setProperty('content-visibility', 'visible', 'important');
    const kept = ['none', 'content', 'strict'].includes(contain) ? [] : contain.split(' ');
    const contained = contain === 'strict' ? contain : [...new Set([...kept, 'layout', 'style', 'paint'])].join(' ');
    element.style.setProperty('contain', contained, 'important');
  }
  // Nothing else stops a marquee at the same position each time.
  for (const marquee of document.querySelectorAll('marquee')) {
    const { width, height, display, backgroundColor } = getComputedStyle(marquee);
    const still = document.createElement('div');
    for (const attribute of marquee.attributes) still.setAttributeNode(attribute.cloneNode() as Attr);
    Object.assign(still.style, { width, height, display, backgroundColor, overflow: 'hidden' });
    still.append(...marquee.childNodes);
    marquee.replaceWith(still);
  }
  scrollTo(0, 0);
  if (!(document.body instanceof HTMLElement)) return '';
  // Icon fonts have their icons in Unicode's private use area.
  return document.body.innerText
    .slice(0, 2 * maxLength)
    .replace(/[\ue000-\uf8ff]/g, '')
    .slice(0, maxLength);
}

/** Runs in an isolated world after `stopMotion`: a sentence a line on each thing that is left out without any request. */
export const losses = `(${String(findLosses)})()`;

function findLosses(): string {
  const maxLosses = 20;
  const sentences: string[] = [];
  for (const use of document.querySelectorAll('use')) {
    const url = use.href.baseVal.trim();
    if (!URL.canParse(url, document.baseURI) || url.startsWith('#')) continue;
    if (new URL(url, document.baseURI).origin === location.origin) continue;
    sentences.push(`A <use> of ${url.slice(0, 200)} is left out: it may only refer to the same document.`);
  }
  const svgNamespace = 'http://www.w3.org/2000/svg';
  for (const foreign of document.querySelectorAll('foreignObject > *')) {
    if (foreign.namespaceURI !== svgNamespace || foreign.localName === 'svg') continue;
    sentences.push(
      `A <${foreign.localName}> in a <foreignObject> is left out: it lacks xmlns="http://www.w3.org/1999/xhtml".`,
    );
  }
  return [...new Set(sentences)].slice(0, maxLosses).join('\n');
}

/** Names of fonts that the page has loaded for all of Unicode, but for those of icons. */
export const webFonts = `[...document.fonts]
  .filter((font) => font.status === 'loaded' && font.unicodeRange === 'U+0-10FFFF' && !/icon|awesome|symbol/i.test(font.family))
  .map((font) => font.family).join()`;
