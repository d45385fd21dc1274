import type { LanguageSamples } from '../../../port/samples.ts';
import { mermaidFeatures } from './hostile-features.ts';
import { mermaidPrograms } from './hostile.ts';
import { mermaidStyles } from './styles.ts';

export const samples: LanguageSamples = {
  control: 'flowchart LR\n  innocent --> right',
  variant: (color, index) =>
    `flowchart ${index % 2 ? 'LR' : 'TD'}\n  a[number ${index}] --> b{${color}}\n  style b fill:${color}`,
  styles: mermaidStyles,
  hostile: (targets) => ({ ...mermaidPrograms(targets), ...mermaidFeatures(targets) }),
};
