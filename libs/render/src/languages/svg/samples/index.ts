import type { LanguageSamples } from '../../../port/samples.ts';
import { svgFeatures } from './hostile-features.ts';
import { svgPrograms } from './hostile.ts';
import { svgStyles } from './styles.ts';

export const samples: LanguageSamples = {
  control: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="teal"/></svg>',
  variant: (color, index) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"><rect x="9" y="9" width="60" height="${30 + index}" fill="${color}"/><text x="9" y="80"${index % 3 ? '' : ' textLength="90"'}>number ${index}</text></svg>`,
  turns: 6,
  styles: svgStyles,
  hostile: (targets) => ({ ...svgPrograms(targets), ...svgFeatures(targets) }),
};
