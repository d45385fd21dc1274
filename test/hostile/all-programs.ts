import type { Language } from './languages.ts';
import type {} from '@pentimento/contracts';
import { htmlLeft } from './programs/html-left.ts';
import { htmlPrograms } from './programs/html.ts';
import { latexPrograms } from './programs/latex.ts';
import { mermaidPrograms } from './programs/mermaid.ts';
import type { MakePrograms } from './programs/programs.ts';
import { pythonImages } from './programs/python-images.ts';
import { pythonReach } from './programs/python-reach.ts';
import { pythonResources } from './programs/python-resources.ts';
import { pythonState } from './programs/python-state.ts';
import { smilesPrograms } from './programs/smiles.ts';
import { svgPrograms } from './programs/svg.ts';

const joined =
  (...parts: MakePrograms[]): MakePrograms =>
  (canary) =>
    Object.assign({}, ...parts.map((part) => part(canary)));

/** Every hostile program, by language. */
export const hostilePrograms: Record<Language, MakePrograms> = {
  python: joined(pythonResources, pythonReach, pythonState, pythonImages),
  html: joined(htmlPrograms, htmlLeft),
  svg: svgPrograms,
  latex: latexPrograms,
  smiles: smilesPrograms,
  mermaid: mermaidPrograms,
};
