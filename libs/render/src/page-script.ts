/**
 * Goes into every document before its own scripts: the same code draws the same picture at any time. Randomness is seeded, time
 * stands still but for timers and frames (and creeps on where it is asked for in a loop, so that a busy wait ends), and what only
 * a person would answer does nothing. It is for honest pages; what hostile ones may do is up to the sandbox.
 */
export const pageScript = `(${String(steady)})();`;

function steady(): void {
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

  const startOfTime = 1735732800000;
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

  const later = globalThis.setTimeout.bind(globalThis) as unknown as (
    handler: () => void,
    delay: number,
  ) => ReturnType<typeof setTimeout>;
  const after = (delay: number, work: () => void) => {
    const due = elapsed + Math.max(0, Number(delay) || 0);
    return later(() => {
      elapsed = Math.max(elapsed, due);
      work();
    }, delay);
  };
  globalThis.setTimeout = ((handler: unknown, delay: number, ...given: unknown[]) =>
    typeof handler === 'function'
      ? after(delay, () => void (handler as (...args: unknown[]) => void).apply(globalThis, given))
      : later(handler as () => void, delay)) as typeof setTimeout;
  globalThis.requestAnimationFrame = (draw) => after(16, () => draw(now())) as unknown as number;
  globalThis.cancelAnimationFrame = (handle) => clearTimeout(handle);

  for (const name of ['open', 'close', 'print', 'stop', 'moveTo', 'resizeTo'] as const) {
    globalThis[name] = (() => null) as never;
  }
  for (const name of ['log', 'info', 'debug', 'dir', 'table', 'trace', 'warn'] as const) console[name] = () => {};
}

/** Runs in a world of its own once the page has loaded: resolves when its fonts are there. */
export const fontsReady = 'document.fonts.ready.then(() => true)';

/** What the XML parser complained of, or null. */
export const xmlError = "document.getElementsByTagName('parsererror')[0]?.textContent.slice(0, 1000) ?? null";

/** Runs in a world of its own before the picture is taken: everything that moves is brought to where it rests. */
export const bringToRest = `(${String(rest)})()`;

function rest(): void {
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
  scrollTo(0, 0);
}
