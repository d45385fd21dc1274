import type { LanguageSamples } from '@pentimento/render/languages';

const control = '#008080 10 10 100 50\n#ff0000 5 5 20 20';

export const samples: LanguageSamples = {
  control,
  variant: (_, index) => `#008080 ${index} 10 30 50`,
  styles: { 'two rectangles': { code: control, shows: ['008080', 'ff0000'] } },
  hostile: () => ({}),
};
