import { attackEach } from './attack.ts';
import { mermaidPrograms } from './programs/mermaid.ts';

attackEach('mermaid', mermaidPrograms);
