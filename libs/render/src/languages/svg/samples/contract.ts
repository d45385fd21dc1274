import type { ContractSamples } from '../../../port/contract-samples.ts';

const blurred = Array.from(
  { length: 300 },
  (_, index) => `<circle cx="${index}" cy="${index % 240}" r="99" fill="teal" filter="url(#b)"/>`,
).join('');

export const contractSamples: ContractSamples = {
  good: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="teal"/></svg>',
  failing: { code: 'There is none.', kind: 'syntax' },
  slow: {
    code: `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><filter id="b"><feGaussianBlur stdDeviation="20"/></filter>${blurred}</svg>`,
    deadlineMs: 50,
  },
  without: null,
};
