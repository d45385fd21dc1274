import { attackEach } from './attack.ts';
import { svgPrograms } from './programs/svg.ts';

attackEach('svg', svgPrograms);
