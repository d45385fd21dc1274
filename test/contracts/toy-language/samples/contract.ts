import type { ContractSamples } from '../../../../libs/render/src/port/contract-samples.ts';

export const contractSamples: ContractSamples = {
  good: '#008080 10 10 100 50\n#ff0000 5 5 20 20',
  failing: { code: '#008080 10 10 100 50\nteal', kind: 'syntax' },
  slow: { code: 'forever', deadlineMs: 300 },
  without: 'programs',
};
