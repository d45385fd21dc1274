import { attackEach } from './attack.ts';
import { smilesPrograms } from './programs/smiles.ts';

attackEach('smiles', smilesPrograms);
