import type { LanguageSamples } from '../../../port/samples.ts';
import { pythonImages } from './hostile-images.ts';
import { pythonAnswers } from './hostile-answers.ts';
import { pythonFiles } from './hostile-files.ts';
import { pythonKernel } from './hostile-kernel.ts';
import { pythonReach } from './hostile-reach.ts';
import { pythonResources } from './hostile-resources.ts';
import { pythonState } from './hostile-state.ts';
import { pythonStyles } from './styles.ts';

export const samples: LanguageSamples = {
  control: `import matplotlib.pyplot as plt
fig, ax = plt.subplots(figsize=(3, 2))
ax.plot([1, 3, 2], color='teal', label='Innocent')
ax.legend()
plt.savefig('chart.png')`,
  variant: (color, index) =>
    `import matplotlib.pyplot as plt\nimport numpy as np\nplt.figure(figsize=(3, 2))\nplt.bar(range(5), np.random.rand(5), color='${color}')\nplt.title('number ${index}')\nplt.savefig('out.png')`,
  turns: 3,
  styles: pythonStyles,
  hostile: (targets) => ({
    ...pythonResources(targets),
    ...pythonReach(targets),
    ...pythonState(targets),
    ...pythonImages(targets),
    ...pythonKernel(targets),
    ...pythonAnswers(targets),
    ...pythonFiles(targets),
  }),
  reachesUnsandboxed: {
    "the host's files": 'none',
    'the environment of others': 'none',
    'files written everywhere': 'none',
    'symbolic links to everything': 'none',
  },
};
