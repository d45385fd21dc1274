import type { ContractSamples } from '../../../port/contract-samples.ts';

export const contractSamples: ContractSamples = {
  good: 'flowchart LR\n a --> b',
  failing: { code: 'flowchart LR\n a --> [', kind: 'syntax' },
  slow: {
    code: `flowchart LR\n${Array.from({ length: 900 }, (_, at) => `a${at} --> b${at % 30}`).join('\n')}`,
    deadlineMs: 50,
  },
  without: 'chromium',
};
