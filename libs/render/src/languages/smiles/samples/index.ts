import type { LanguageSamples } from '../../../port/samples.ts';
import { smilesPrograms } from './hostile.ts';
import { smilesStyles } from './styles.ts';

export const samples: LanguageSamples = {
  control: 'CC(=O)Oc1ccccc1C(=O)O',
  variant: (_, index) => `${'C'.repeat(index + 1)}c1ccc(${index % 2 ? 'N' : 'O'})cc1`,
  turns: 6,
  styles: smilesStyles,
  hostile: smilesPrograms,
};
