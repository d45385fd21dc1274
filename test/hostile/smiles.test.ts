import { attackEach } from './attack.ts';

attackEach('smiles');
