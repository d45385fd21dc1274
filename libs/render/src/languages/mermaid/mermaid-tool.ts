import type { RenderFailureKind } from '@pentimento/contracts';
import { packageFile, packageVersion } from '../../pages/package-files.ts';
import type { InterceptedResponse, PageTool, PageToolResult } from '@pentimento/sandbox';
import { renderLimits } from '../../port/limits.ts';
import type { MermaidAdvice, MermaidSource } from '@pentimento/mermaid-source';

/** Longest code, characters. The time of a layout grows faster than that. */
export const maxTextSize = 50_000;
const maxEdges = 2000;

/** Of the densest screens. */
const maxMagnification = 4;

/** A diagram of extreme proportions keeps the least of these on its shorter side: this, pixels; an eighth of the target's; its own. */
const minSide = 64;

/** Settings that a diagram's directives and front matter may not change: security, limits, and determinism. */
const fixedSettings = {
  startOnLoad: false,
  securityLevel: 'strict',
  suppressErrorRendering: true,
  maxTextSize,
  maxEdges,
  deterministicIds: true,
  deterministicIDSeed: 'diagram',
  handDrawnSeed: 1,
};

/** What the page gets, as JSON. */
export interface MermaidInput extends Omit<MermaidSource, 'notes'> {
  advice: MermaidAdvice | null;
}

/** Font Awesome has the icons of labels like "fa:fa-car". A label is measured with its icons, so that their fonts are loaded first. */
const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/css/all.min.css"><style>
body { margin: 0; background: white } #diagram > svg { display: block; max-width: none !important }
</style><div id="diagram"></div><script src="/mermaid.js"></script><script>
mermaid.initialize(${JSON.stringify({ ...fixedSettings, secure: ['secure', ...Object.keys(fixedSettings)] })});
for (const font of document.fonts) font.load();
</script>`;

const limits = { maxTextSize, maxMagnification, minSide, maxSide: renderLimits.maxSide };

let cached: PageTool | undefined;

/** @throws RendererOutageError where the package is not installed. */
export function mermaidTool(): PageTool {
  return (cached ??= {
    name: `mermaid-${packageVersion('mermaid')}`,
    html: page,
    intercept,
    render: `(input, viewport) => {
  const [draw, notesOn] = [${String(draw)}, ${String(notesOn)}];
  return (${String(render)})(input, viewport, ${JSON.stringify(limits)}, draw, notesOn);
}`,
  });
}

function intercept(url: string): InterceptedResponse | undefined {
  const { host, pathname } = new URL(url);
  if (host !== 'page.invalid') return undefined;
  if (pathname === '/mermaid.js') return packageFile('mermaid', 'dist/mermaid.min.js');
  const icons = /^\/((?:css\/all\.min\.css)|(?:webfonts\/[\w-]+\.woff2))$/.exec(pathname)?.[1];
  return icons === undefined ? undefined : packageFile('fontawesome-6', icons);
}

interface Mermaid {
  render(id: string, code: string, container: Element): Promise<{ svg: string }>;
  parse(code: string): Promise<unknown>;
}

/** Runs in the page, as all that follows. */
async function render(
  input: string,
  viewport: { width: number; height: number },
  { maxTextSize, maxMagnification, minSide, maxSide }: typeof limits,
  renderInto: typeof draw,
  describeLosses: typeof notesOn,
): Promise<PageToolResult> {
  const source = JSON.parse(input) as MermaidInput;
  if (source.code.length > maxTextSize) {
    return {
      kind: 'too-large',
      error: `The diagram has ${source.code.length} characters: at most ${maxTextSize} are rendered.`,
    };
  }
  const container = document.getElementById('diagram')!;
  const result = await renderInto(source, container);
  if ('kind' in result) return result;
  const image = container.querySelector('svg');
  if (!image) return { kind: 'empty', error: 'Mermaid drew nothing.' };
  await document.fonts.ready;
  const natural = image.viewBox.baseVal?.width ? image.viewBox.baseVal : image.getBoundingClientRect();
  if (!(natural.width > 0 && natural.height > 0)) return { kind: 'empty', error: 'The diagram is empty.' };
  const [long, short] = [Math.max(natural.width, natural.height), Math.min(natural.width, natural.height)];
  const fitting = Math.min(maxMagnification, viewport.width / natural.width, viewport.height / natural.height);
  const minShort = Math.min(minSide, Math.min(viewport.width, viewport.height) / 8);
  const scale = Math.max(fitting, Math.min(1, minShort / short, maxSide / long));
  const width = Math.max(1, Math.round(natural.width * scale));
  const height = Math.max(1, Math.round(natural.height * scale));
  image.setAttribute('width', String(width));
  image.setAttribute('height', String(height));
  return { width, height, notes: [...result.notes, ...describeLosses(image, source.code)] };
}

/** Draws the code; where Mermaid's grammar refuses it, the first of its diagrams. */
async function draw(
  { code, first, advice }: MermaidInput,
  container: Element,
): Promise<{ notes: string[] } | { kind: RenderFailureKind; error: string }> {
  interface MermaidError {
    message?: string;
    hash?: unknown;
    name?: string;
  }
  const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
  const renderCode = async (text: string): Promise<void> => {
    container.innerHTML = (await mermaid.render('drawing', text, container)).svg;
  };
  try {
    await renderCode(code);
    return { notes: [] };
  } catch (error) {
    const { message = String(error), hash, name = '' } = error as MermaidError;
    const isSyntax = hash !== undefined || /^UnknownDiagramError|^(?:Yaml|YAML)/.test(name);
    const isParsed = /\b(?:parse|parsing|lex(?:er|ing|ical)|syntax|expecting|unexpected)\b|^Diagrams beginning with/i;
    let kind: RenderFailureKind = isSyntax || isParsed.test(message) ? 'syntax' : 'runtime';
    if (/exceed/i.test(message)) kind = 'too-large';
    const say = (text: string): string => `Mermaid cannot render it: ${text}`;
    if (kind === 'too-large') return { kind, error: say(message.split('\n')[0]!) };
    if (kind !== 'syntax') return { kind, error: say(message) };
    const works = (work: Promise<unknown>): Promise<boolean> =>
      work.then(
        () => true,
        () => false,
      );
    if (first !== null && (await works(renderCode(first)))) {
      return { notes: ['The code has several diagrams: only the first one is drawn.'] };
    }
    const isGood = advice !== null && (await works(mermaid.parse(advice.fixed)));
    return { kind, error: say(isGood ? `${advice.text}\n${message}` : message) };
  }
}

/** Icons and fonts that the drawing lacks. */
function notesOn(image: SVGSVGElement, code: string): string[] {
  const notes: string[] = [];
  const lacking = new Set<string>();
  for (const icon of [...image.querySelectorAll('i[class*="fa-"]')].slice(0, 200)) {
    if (/^(?:none|normal|"")$/.test(getComputedStyle(icon, '::before').content)) lacking.add(icon.className);
  }
  if (lacking.size > 0) notes.push(`Font Awesome has no such icons: ${[...lacking].slice(0, 8).join(', ')}.`);
  const unknown = [...image.querySelectorAll('text[transform="translate(21.16 64.67)"]')].length;
  if (unknown > 0) {
    notes.push(`Icons drawn as question marks, since no icon packs are installed: ${unknown}.`);
  }
  const family = /fontFamily["']?\s*:\s*["']?([\w -]{1,60})/.exec(code)?.[1]?.trim();
  const pen = document.createElement('canvas').getContext('2d')!;
  const widthIn = (font: string): number => {
    pen.font = `40px ${font}`;
    return pen.measureText('mmMMiiWW@0').width;
  };
  const isMissing = (name: string): boolean =>
    ['serif', 'monospace', 'sans-serif'].every((other) => widthIn(`"${name}", ${other}`) === widthIn(other));
  const isGeneric = /^(?:serif|sans-serif|monospace|cursive|fantasy|system-ui|inherit|ui-.*)$/i;
  if (family !== undefined && !isGeneric.test(family) && isMissing(family)) {
    notes.push(`The font ${family} is not installed: another one is drawn.`);
  }
  return notes;
}
