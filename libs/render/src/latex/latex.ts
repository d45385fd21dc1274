import type { Renderer } from '../renderer.ts';
import { unavailable } from '../unavailable.ts';

export const latex: Renderer = unavailable('LaTeX is not drawn by this version: choose svg or html.');
