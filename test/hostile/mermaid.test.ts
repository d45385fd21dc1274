import { attackEach } from './attack.ts';

attackEach('mermaid');
