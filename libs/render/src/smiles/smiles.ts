import type { Renderer } from '../renderer.ts';
import { unavailable } from '../unavailable.ts';

export const smiles: Renderer = unavailable('SMILES is not drawn by this version: choose svg or html.');
