import { attackEach } from './attack.ts';

attackEach('svg');
