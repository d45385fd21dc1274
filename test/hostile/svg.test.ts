import { attackEach } from './attack.ts';
import { svgPrograms } from './svg-programs.ts';

const nowhere = { port: 0, folder: '' } as never;

attackEach('svg', Object.keys(svgPrograms(nowhere)), svgPrograms);
