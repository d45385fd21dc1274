export { RendererOutageError } from './port/outage.ts';
export { createRenderService, type RenderService, type RenderServiceOptions } from './pool/render-service.ts';
