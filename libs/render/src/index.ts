export { createRenderers, type Renderers, type RenderersOptions } from './pool/renderers.ts';
