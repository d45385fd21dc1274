import { attackEach } from './attack.ts';

attackEach('html');
