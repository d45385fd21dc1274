import type { ContractSamples } from '../../../port/contract-samples.ts';

export const contractSamples: ContractSamples = {
  good: String.raw`\begin{tikzpicture}\fill[teal] (0,0) circle (1);\end{tikzpicture}`,
  failing: { code: String.raw`\begin{tikzpicture}\nothing\end{tikzpicture}`, kind: 'syntax' },
  slow: { code: String.raw`\loop\iftrue\repeat`, deadlineMs: 700 },
  without: 'programs',
};
