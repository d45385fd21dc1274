import { attackEach } from './attack.ts';

attackEach('python');
