export { createRenderers, type Renderers, type RenderersOptions } from './renderers.ts';
