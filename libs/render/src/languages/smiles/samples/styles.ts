import type { Styles } from '../../../port/samples.ts';

export const smilesStyles: Styles = {
  aspirin: { code: 'CC(=O)Oc1ccccc1C(=O)O', shows: ['ff0000'] },
  'aromatic rings by bonds': { code: 'CC(=O)OC1=CC=CC=C1C(=O)O', like: 'aspirin' },
  'empty space around it': { code: '\n  CC(=O)Oc1ccccc1C(=O)O \n', like: 'aspirin' },
  'a name behind it': { code: 'CC(=O)Oc1ccccc1C(=O)O aspirin', like: 'aspirin' },
  'stereo centers': { code: 'C[C@@H](N)C(=O)O', unlike: 'the other hand' },
  'the other hand': { code: 'C[C@H](N)C(=O)O' },
  'a salt with charges': { code: '[Na+].[O-]C(=O)c1ccccc1', shows: ['ff0000'] },
  'a large molecule': {
    code: 'CC(C)CC1NC(=O)C(CC(C)C)NC(=O)C(Cc2ccccc2)NC(=O)C(CCCN)NC(=O)C(C(C)C)NC(=O)C2CCCN2C1=O',
    unlike: 'aspirin',
  },
  'isotopes and hydrogens': { code: '[2H]C([2H])([2H])[13CH2]O', unlike: 'aspirin' },
};
