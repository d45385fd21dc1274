import type { RenderFailureKind } from '@pentimento/contracts';
import { packageFile, packageVersion } from '../../pages/package-files.ts';
import type { InterceptedResponse, PageTool, PageToolResult } from '@pentimento/sandbox';
import { renderLimits } from '../../port/limits.ts';

/** Longest code, characters. The time of a layout grows faster than that. */
const maxTextSize = 50_000;
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

/** Font Awesome has the icons of labels like "fa:fa-car". */
const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/css/all.min.css"><style>
body { margin: 0; background: white } #diagram > svg { display: block; max-width: none !important }
</style><div id="diagram"></div><script src="/mermaid.js"></script><script>
mermaid.initialize(${JSON.stringify({ ...fixedSettings, secure: ['secure', ...Object.keys(fixedSettings)] })});
</script>`;

const limits = { maxTextSize, maxMagnification, minSide, maxSide: renderLimits.maxSide };

let cached: PageTool | undefined;

/** @throws RendererOutageError where the package is not installed. */
export function mermaidTool(): PageTool {
  return (cached ??= {
    name: `mermaid-${packageVersion('mermaid')}`,
    html: page,
    intercept,
    render: `(code, viewport) => (${String(render)})(code, viewport, ${JSON.stringify(limits)})`,
  });
}

function intercept(url: string): InterceptedResponse | undefined {
  const { host, pathname } = new URL(url);
  if (host !== 'page.invalid') return undefined;
  if (pathname === '/mermaid.js') return packageFile('mermaid', 'dist/mermaid.min.js');
  const icons = /^\/((?:css\/all\.min\.css)|(?:webfonts\/[\w-]+\.woff2))$/.exec(pathname)?.[1];
  return icons === undefined ? undefined : packageFile('fontawesome-6', icons);
}

/** Runs in the page. */
async function render(
  code: string,
  viewport: { width: number; height: number },
  { maxTextSize, maxMagnification, minSide, maxSide }: typeof limits,
): Promise<PageToolResult> {
  interface MermaidError {
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
      error: `The diagram has ${code.length} characters: at most ${maxTextSize} are rendered.`,
    };
  }
  const container = document.getElementById('diagram')!;
  try {
    const { svg } = await mermaid.render('drawing', code, container);
    container.innerHTML = svg;
  } catch (error) {
    const { message = String(error), hash, name = '' } = error as MermaidError;
    const isSyntax = hash !== undefined || /^UnknownDiagramError|^(?:Yaml|YAML)/.test(name);
    const isParsed = /\b(?:parse|parsing|lex(?:er|ing|ical)|syntax|expecting|unexpected)\b/i;
    let kind: RenderFailureKind = isSyntax || isParsed.test(message) ? 'syntax' : 'runtime';
    if (/exceed/i.test(message)) kind = 'too-large';
    return { kind, error: `Mermaid cannot render it: ${kind === 'too-large' ? message.split('\n')[0] : message}` };
  }
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
  return { width, height };
}
