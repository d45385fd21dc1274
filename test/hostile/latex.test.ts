import { attackEach } from './attack.ts';
import { latexPrograms } from './programs/latex.ts';

attackEach('latex', latexPrograms);
