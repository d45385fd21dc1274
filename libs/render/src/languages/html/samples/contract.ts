import type { ContractSamples } from '../../../port/contract-samples.ts';

export const contractSamples: ContractSamples = {
  good: '<h1>Good</h1><script>document.body.append(Math.random())</script>',
  failing: { code: '<script>document.body.append(missing)</script>', kind: 'empty' },
  slow: { code: '<script>for (;;);</script>', deadlineMs: 700 },
  without: 'chromium',
};
