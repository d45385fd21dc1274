import { maxRenderTextLength } from '@pentimento/contracts';

/**
 * Goes into every document before its own scripts, so that the same code draws the same picture at any time. Randomness is seeded.
 * Time is the document's own: it stands still while a script runs (but creeps on where it is asked for in a loop, so that a busy
 * wait ends), and steps from timer to timer and frame to frame, in order, from the load event to the end of the first second.
 * What only a person would answer does nothing. All this is for honest pages; what hostile ones may do is up to the sandbox.
 */
export const pageScript = `(${String(steady)})();`;

function steady(): void {
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
  let asked = 0;
  const now = (): number => elapsed + Math.floor(++asked / 100);
  const RealDate = Date;
  const SteadyDate = new Proxy(RealDate, {
    construct: (target, given: [number], made) =>
      Reflect.construct(target, given.length ? given : [startOfTime + now()], made) as Date,
    apply: () => new RealDate(startOfTime + now()).toString(),
  });
  RealDate.now = () => startOfTime + now();
  RealDate.prototype.constructor = SteadyDate;
  globalThis.Date = SteadyDate;
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
  const workOf = (handler: unknown, given: unknown[]) => () =>
    typeof handler === 'function'
      ? void (handler as (...args: unknown[]) => void).apply(globalThis, given)
      : (0, eval)(String(handler));
  const remove = (id: unknown): void => void timers.delete(Number(id));
  Object.assign(globalThis, {
    setTimeout: (handler: unknown, delay?: unknown, ...given: unknown[]) =>
      add(elapsed + millisecondsOf(delay), null, workOf(handler, given)),
    setInterval: (handler: unknown, delay?: unknown, ...given: unknown[]) =>
      add(elapsed + millisecondsOf(delay), millisecondsOf(delay), workOf(handler, given)),
    requestAnimationFrame: (draw: FrameRequestCallback) =>
      add((Math.floor(elapsed / frame) + 1) * frame, null, () => draw(elapsed)),
    requestIdleCallback: (work: IdleRequestCallback) =>
      add(elapsed + 1, null, () => work({ didTimeout: false, timeRemaining: () => 50 })),
    clearTimeout: remove,
    clearInterval: remove,
    cancelAnimationFrame: remove,
    cancelIdleCallback: remove,
  });

  const nothing = (): null => null;
  for (const name of ['open', 'close', 'print', 'stop', 'moveTo', 'resizeTo'])
    Object.assign(globalThis, { [name]: nothing });
  for (const name of ['log', 'info', 'debug', 'dir', 'table', 'trace', 'warn'])
    Object.assign(console, { [name]: nothing });
}

/** Runs in a world of its own once a page without scripts has loaded: resolves when its fonts are there. */
export const fontsReady = 'document.fonts.ready.then(() => true)';

/**
 * The same for a page with scripts: resolves when what observes sizes and positions has been told of them, too, and what other
 * threads and processes do for the page has had a few frames to come back.
 */
export const settled = `document.fonts.ready.then(async () => {
  for (let round = 0; round < 4; round++)
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
})`;

/** What the XML parser complained of, or null. */
export const xmlError = "document.getElementsByTagName('parsererror')[0]?.textContent.slice(0, 1000) ?? null";

/**
 * Runs in a world of its own before the picture is taken: everything that moves is brought to where it rests. Resolves with what
 * can be read in the page.
 */
export const bringToRest = `(${String(rest)})(${maxRenderTextLength})`;

function rest(maxLength: number): string {
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
  for (const drawing of document.querySelectorAll('svg')) {
    drawing.pauseAnimations();
    drawing.setCurrentTime(0);
  }
  // Nothing else stops a marquee at the same place each time.
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
  // Icon fonts have their pictures where Unicode leaves the characters to private use.
  return document.body.innerText
    .slice(0, 2 * maxLength)
    .replace(/[\ue000-\uf8ff]/g, '')
    .slice(0, maxLength);
}
