import { attackEach } from './attack.ts';
import { htmlPrograms } from './html-programs.ts';

const nowhere = { port: 0, folder: '' } as never;

attackEach('html', Object.keys(htmlPrograms(nowhere)), htmlPrograms);
