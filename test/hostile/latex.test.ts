import { attackEach } from './attack.ts';

attackEach('latex');
