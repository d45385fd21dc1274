import type { RenderFailureKind } from '@pentimento/contracts';
import { packageFile, packageVersion } from '../../pages/package-files.ts';
import type { Served, Tool, ToolAnswer } from '@pentimento/sandbox';
import { renderLimits } from '../../port/limits.ts';

/** Longest code, characters. Layouts take time that grows faster than that. */
const maxTextSize = 50_000;
const maxEdges = 2000;

/** Of screens with the finest pixels. */
const maxMagnification = 4;

/** A diagram that is much longer than the target's shape keeps this on its shorter side, pixels, or an eighth of the target's, or its own. */
const leastSide = 64;

/**
 * What a diagram's own directives and front matter may not change: what may run, how much is drawn, and what makes the same code
 * the same picture.
 */
const settled = {
  startOnLoad: false,
  securityLevel: 'strict',
  suppressErrorRendering: true,
  maxTextSize,
  maxEdges,
  deterministicIds: true,
  deterministicIDSeed: 'diagram',
  handDrawnSeed: 1,
};

/** Font Awesome draws the icons of labels like "fa:fa-car". */
const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/css/all.min.css"><style>
body { margin: 0; background: white } #diagram > svg { display: block; max-width: none !important }
</style><div id="diagram"></div><script src="/mermaid.js"></script><script>
mermaid.initialize(${JSON.stringify({ ...settled, secure: ['secure', ...Object.keys(settled)] })});
</script>`;

const limits = { maxTextSize, maxMagnification, leastSide, drawingSide: renderLimits.drawingSide };

let made: Tool | undefined;

/** @throws Error where the package is not installed. */
export function mermaidTool(): Tool {
  return (made ??= {
    name: `mermaid-${packageVersion('mermaid')}`,
    html: page,
    serve,
    draw: `(code, viewport) => (${String(draw)})(code, viewport, ${JSON.stringify(limits)})`,
  });
}

function serve(url: string): Served | undefined {
  const { host, pathname } = new URL(url);
  if (host !== 'page.invalid') return undefined;
  if (pathname === '/mermaid.js') return packageFile('mermaid', 'dist/mermaid.min.js');
  const icons = /^\/((?:css\/all\.min\.css)|(?:webfonts\/[\w-]+\.woff2))$/.exec(pathname)?.[1];
  return icons === undefined ? undefined : packageFile('fontawesome-6', icons);
}

/** Runs in the page. */
async function draw(
  code: string,
  viewport: { width: number; height: number },
  { maxTextSize, maxMagnification, leastSide, drawingSide }: typeof limits,
): Promise<ToolAnswer> {
  interface Complaint {
    message?: string;
    hash?: unknown;
    name?: string;
  }
  const { mermaid } = globalThis as unknown as {
    mermaid: { render(id: string, code: string, container: Element): Promise<{ svg: string }> };
  };
  if (code.length > maxTextSize) {
    return {
      kind: 'too-large',
      complaint: `The diagram has ${code.length} characters: at most ${maxTextSize} are drawn.`,
    };
  }
  const place = document.getElementById('diagram')!;
  try {
    const { svg } = await mermaid.render('drawing', code, place);
    place.innerHTML = svg;
  } catch (error) {
    const { message = String(error), hash, name = '' } = error as Complaint;
    const isSyntax = hash !== undefined || /^UnknownDiagramError|^(?:Yaml|YAML)/.test(name);
    const isParsed = /\b(?:parse|parsing|lex(?:er|ing|ical)|syntax|expecting|unexpected)\b/i;
    let kind: RenderFailureKind = isSyntax || isParsed.test(message) ? 'syntax' : 'runtime';
    if (/exceed/i.test(message)) kind = 'too-large';
    return { kind, complaint: `Mermaid cannot draw it: ${kind === 'too-large' ? message.split('\n')[0] : message}` };
  }
  const drawing = place.querySelector('svg');
  if (!drawing) return { kind: 'empty', complaint: 'Mermaid drew nothing.' };
  await document.fonts.ready;
  const natural = drawing.viewBox.baseVal?.width ? drawing.viewBox.baseVal : drawing.getBoundingClientRect();
  if (!(natural.width > 0 && natural.height > 0)) return { kind: 'empty', complaint: 'The diagram is empty.' };
  const [long, short] = [Math.max(natural.width, natural.height), Math.min(natural.width, natural.height)];
  const fitting = Math.min(maxMagnification, viewport.width / natural.width, viewport.height / natural.height);
  const least = Math.min(leastSide, Math.min(viewport.width, viewport.height) / 8);
  const scale = Math.max(fitting, Math.min(1, least / short, drawingSide / long));
  const width = Math.max(1, Math.round(natural.width * scale));
  const height = Math.max(1, Math.round(natural.height * scale));
  drawing.setAttribute('width', String(width));
  drawing.setAttribute('height', String(height));
  return { width, height };
}
