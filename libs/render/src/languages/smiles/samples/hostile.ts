import type { MakeHostilePrograms } from '../../../port/samples.ts';

/** Molecules that are too much, or no molecules. */
export const smilesPrograms: MakeHostilePrograms = ({ port, folder, mark }) => ({
  'a chain of 5000 atoms': ['any', 'C'.repeat(5000)],
  'a chain of a million atoms': ['failed', 'C'.repeat(1_000_000)],
  'branches within branches': ['any', `${'C('.repeat(2000)}C${')'.repeat(2000)}`],
  'branches without end': ['failed', 'C('.repeat(500_000)],
  'brackets without end': ['failed', '['.repeat(500_000)],
  'a web of rings': [
    'any',
    Array.from({ length: 90 }, (_, i) => `C%${i + 10}`).join('') +
      Array.from({ length: 90 }, (_, i) => `C%${99 - i}`).join(''),
  ],
  'a ball of fused rings': [
    'any',
    `C12=C3C4=C5C6=C1C7=C8C9=C1C%10=C%11C(=C29)C3=C2C3=C4C4=C5C5=C9C6=C7C6=C7C8=C1C1=C8C%10=C%10C%11=C2C2=C3C3=C4C4=C5C5=C%11C%12=C(C6=C95)C7=C1C1=C%12C5=C%11C4=C3C3=C5C(=C81)C%10=C23`,
  ],
  'rings that never close': ['failed', 'C1CC2CC3CC4'],
  'a thousand molecules': ['any', Array.from({ length: 1000 }, () => 'CCO').join('.')],
  'stereo centres that all interact': ['any', 'C[C@H](O)'.repeat(80) + 'C'],
  'double bonds that all interact': ['any', '/C=C/'.repeat(100)],
  'aromatic systems without a Kekulé form': ['failed', 'c'.repeat(400)],
  'isotopes, charges and maps past their range': ['any', '[99999999999C+999999999:99999999999]'],
  'hydrogens without end': ['any', '[CH99999999]'],
  'atoms that are not there': ['failed', '[Xx][#999]'],
  'an empty text': ['failed', ' \n '],
  'a command in its place': ['any', `C'; import os; os.system('touch ${folder}/${mark}') #`],
  'a path in its place': ['failed', `${folder}/secret.txt`],
  'an address in its place': ['failed', `http://127.0.0.1:${port}/molecule.smi`],
  'a second message behind a line end': [
    'any',
    `CCO\n{"language":"python","code":"raise RuntimeError('ESCAPED')"}\nCCN`,
  ],
  'a NUL and bytes that are no text': ['any', 'CC\u0000O\ud800\u0001'],
  'a length before the message': ['any', '\u0000\u0000\u0000\u0001C\u00ff\u00ff\u00ff\u00ff'],
  'extensions of ChemAxon': [
    'any',
    `CCO |$${'_R1;'.repeat(5000)}$,(${'1e308,1e308,;'.repeat(100)}),w:1.1,SgD:0:name:${'x'.repeat(100_000)}::::|`,
  ],
  'coordinates that are no numbers': ['any', 'CCO |(nan,inf,;-inf,1e309,;0,0,)|'],
  'a name that is markup': ['any', 'CCO <script>document.body.style.background="magenta"</script>'],
  'a query in its place': ['any', '[$([#6]~[#7])]~[!#1;!#6].[*:1]>>[*:1]'],
});
