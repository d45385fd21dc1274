import type { RendererFactory } from '../port/renderer.ts';
import { createHtmlRenderer } from './html/renderer.ts';
import { createLatexRenderer } from './latex/renderer.ts';
import { createMermaidRenderer } from './mermaid/renderer.ts';
import { createPythonRenderer } from './python/renderer.ts';
import type * as registered from './registered.ts';
import { createSmilesRenderer } from './smiles/renderer.ts';
import { createSvgRenderer } from './svg/renderer.ts';

/** The renderer of each registered language: a forgotten one does not compile. */
export const rendererFactories: Readonly<Record<keyof typeof registered, RendererFactory>> = {
  html: createHtmlRenderer,
  latex: createLatexRenderer,
  mermaid: createMermaidRenderer,
  python: createPythonRenderer,
  smiles: createSmilesRenderer,
  svg: createSvgRenderer,
};
