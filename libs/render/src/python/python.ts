import type { Renderer } from '../renderer.ts';
import { unavailable } from '../unavailable.ts';

export const python: Renderer = unavailable('Python is not drawn by this version: choose svg or html.');
