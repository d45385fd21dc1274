import type { Renderer } from '../renderer.ts';
import { unavailable } from '../unavailable.ts';

export const mermaid: Renderer = unavailable('Mermaid is not drawn by this version: choose svg or html.');
