import { languages } from '@pentimento/render/languages';
import type { ContractSamples } from '../../libs/render/src/port/contract-samples.ts';
import { describeRenderer } from './renderer-contract.ts';
import { toy } from './toy-language/definition.ts';

const folderOf = (id: string): string => (id === toy.id ? './toy-language' : `../../libs/render/src/languages/${id}`);

for (const { id, loadRenderer } of [...languages, toy]) {
  const { createRenderer } = await loadRenderer();
  const samples = (await import(`${folderOf(id)}/samples/contract.ts`)) as { contractSamples: ContractSamples };
  describeRenderer(id, createRenderer, samples.contractSamples);
}
