import type { ContractSamples } from '../../../port/contract-samples.ts';

export const contractSamples: ContractSamples = {
  good: "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.savefig('x.png')",
  failing: { code: 'undefined_name', kind: 'runtime' },
  slow: { code: 'while True: pass', deadlineMs: 700 },
  without: 'python',
};
