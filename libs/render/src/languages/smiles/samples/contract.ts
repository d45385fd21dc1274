import type { ContractSamples } from '../../../port/contract-samples.ts';

export const contractSamples: ContractSamples = {
  good: 'CC(=O)Oc1ccccc1C(=O)O',
  failing: { code: 'C1CC', kind: 'syntax' },
  slow: { code: 'C'.repeat(480), deadlineMs: 1 },
  without: 'python',
};
