/** Molecules against a fresh Python with RDKit for each: node bench/render-smiles.ts */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createRenderService } from '@pentimento/render';
import { compare, report, type Fixture } from './render/comparison.ts';

const run = promisify(execFile);
const size = { width: 400, height: 300 };
const fixtures: Fixture[] = [
  { name: 'aspirin', code: 'CC(=O)Oc1ccccc1C(=O)O', size },
  { name: 'caffeine', code: 'CN1C=NC2=C1C(=O)N(C(=O)N2C)C', size },
  { name: 'penicillin', code: 'CC1(C(N2C(S1)C(C2=O)NC(=O)CC3=CC=CC=C3)C(=O)O)C', size },
  {
    name: 'taxol',
    code: 'CC1=C2[C@H](C(=O)[C@@]3([C@H](C[C@@H]4[C@]([C@H]3[C@@H]([C@@](C2(C)C)(C[C@@H]1OC(=O)[C@@H]([C@H](C5=CC=CC=C5)NC(=O)C6=CC=CC=C6)O)O)OC(=O)C7=CC=CC=C7)(CO4)OC(=O)C)O)C)OC(=O)C',
    size,
  },
];
const script = `import sys
from rdkit import Chem
from rdkit.Chem import Draw
Draw.MolToImage(Chem.MolFromSmiles(sys.argv[1]), size=(400, 300)).save('/dev/null', format='png')`;
const python = process.env['PENTIMENTO_PYTHON'] ?? '/usr/bin/python3';

const renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
try {
  const plain = async ({ code }: Fixture): Promise<void> => void (await run(python, ['-c', script, code]));
  report('smiles', await compare('smiles', fixtures, plain, renderers));
} finally {
  await renderers.close();
}
