import { attackEach } from './attack.ts';
import { htmlLeft } from './programs/html-left.ts';
import { htmlPrograms } from './programs/html.ts';

attackEach('html', (canary) => ({ ...htmlPrograms(canary), ...htmlLeft(canary) }));
