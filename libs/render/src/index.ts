export { createRenderService, type RenderService, type RenderServiceOptions } from './pool/render-service.ts';
export type { Renderer, RendererContext, RendererFactory, RendererStatus } from './port/renderer.ts';
