export { createRenderers, type Renderers, type RenderersOptions } from './renderers.ts';
export { renderLimits } from './limits.ts';
