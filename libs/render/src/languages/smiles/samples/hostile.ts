import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';

/** RDKit has read the molecule, whose canonical SMILES shows it, and has drawn it. */
const drawn = (code: string, canonical: RegExp): HostileProgram => ({ code, endings: { ok: canonical } });
/** RDKit has refused to read an extension, and has drawn the molecule without it. */
const leftOut = /^The extension of the SMILES is left out/m;
/** RDKit has refused to read it. */
const unreadable = (code: string, message: RegExp): HostileProgram => ({
  code,
  endings: { syntax: new RegExp(`^RDKit cannot read the SMILES: .*${message.source}`) },
});
const tooLong = (code: string): HostileProgram => ({
  code,
  endings: { 'too-large': new RegExp(`^The SMILES has ${code.length} characters`) },
});
const tooLarge = (code: string, atoms: number): HostileProgram => ({
  code,
  endings: { 'too-large': new RegExp(`^The molecule has ${atoms} atoms`) },
});

const rings = Array.from({ length: 90 }, (_, index) => `C%${index + 10}`).join('');

/** Molecules that are too much, or no molecules. */
export const smilesPrograms: MakeHostilePrograms = ({ port, folder, mark }) => ({
  'a chain of 600 atoms': tooLarge('C'.repeat(600), 600),
  'a chain of a million atoms': tooLong('C'.repeat(1_000_000)),
  'branches within branches': drawn(`${'C('.repeat(490)}C${')'.repeat(490)}`, /^C{491}$/m),
  'branches without end': unreadable('C('.repeat(1000), /extra open parentheses|syntax error/),
  'more branches without end than a SMILES may have': tooLong('C('.repeat(500_000)),
  'brackets without end': unreadable('['.repeat(2000), /syntax error/),
  'a web of rings': drawn(rings + rings, /%\d\d.*%\d\d/),
  'a ball of fused rings': drawn(
    `C12=C3C4=C5C6=C1C7=C8C9=C1C%10=C%11C(=C29)C3=C2C3=C4C4=C5C5=C9C6=C7C6=C7C8=C1C1=C8C%10=C%10C%11=C2C2=C3C3=C4C4=C5C5=C%11C%12=C(C6=C95)C7=C1C1=C%12C5=C%11C4=C3C3=C5C(=C81)C%10=C23`,
    /%1\d/,
  ),
  'rings that never close': unreadable('C1CC2CC3CC4', /unclosed ring/),
  'a hundred and sixty molecules': drawn(Array.from({ length: 160 }, () => 'CCO').join('.'), /^CCO(?:\.CCO){159}$/m),
  'stereo centres that all interact': drawn('C[C@H](O)'.repeat(80) + 'C', /@/),
  'double bonds that all interact': drawn('C/C=C/'.repeat(80) + 'C', /^C(?:\/C=C\/C){80}$/m),
  'aromatic systems without a Kekulé form': unreadable(`c1${'c'.repeat(397)}c1`, /Can't kekulize/),
  'isotopes, charges and maps past their range': unreadable('[99999999999C+999999999:99999999999]', /number too large/),
  'hydrogens without end': unreadable('[CH99999999]', /Explicit valence/),
  'atoms that are not there': unreadable('[Xx][#999]', /syntax error/),
  'an empty text': { code: ' \n ', endings: { empty: /^There is no SMILES/ } },
  'a command in its place': unreadable(`C'; import os; os.system('touch ${folder}/${mark}') #`, /syntax error/),
  'a path in its place': unreadable(`${folder}/secret.txt`, /syntax error/),
  'an address in its place': unreadable(`http://127.0.0.1:${port}/molecule.smi`, /syntax error/),
  'a second message behind a line end': drawn(
    `CCO\n{"language":"python","code":"raise RuntimeError('ESCAPED')"}\nCCN`,
    /^CCO$/m,
  ),
  'a NUL and bytes that are no text': {
    code: 'CC\u0000O\ud800\u0001',
    endings: { syntax: /it is not a SMILES/ },
  },
  'a length before the message': drawn('\u0000\u0000\u0000\u0001C\u00ff\u00ff\u00ff\u00ff', /^C$/m),
  'extensions of ChemAxon that are too long': drawn(`CCO |$${'_R1;'.repeat(5000)}$|`, leftOut),
  'extensions of ChemAxon': drawn(
    `CCO |$${'_R1;'.repeat(100)}$,(${'1e308,1e308,;'.repeat(50)}),w:1.1,SgD:0:name:${'x'.repeat(500)}::::|`,
    /^CCO$/m,
  ),
  'coordinates that are no numbers': drawn('CCO |(nan,inf,;-inf,1e309,;0,0,)|', leftOut),
  'a name that is markup': drawn('CCO <script>document.body.style.background="magenta"</script>', /^CCO$/m),
  'a query in its place': unreadable('[$([#6]~[#7])]~[!#1;!#6].[*:1]>>[*:1]', /syntax error/),
  'rings of every number at once': unreadable(
    `${Array.from({ length: 90 }, (_, index) => `C%${index + 10}`).join('')}${Array.from({ length: 90 }, (_, index) => `C%${99 - index}`).join('')}`,
    /duplicates bond/,
  ),
  'a ring that closes on itself': unreadable('C11', /duplicated ring closure|ring closure/),
  'ring numbers with brackets': unreadable('C%(99999999)CC%(99999999)', /syntax error|ring/),
  'branches that are empty': unreadable('C()()()(C)()', /syntax error/),
  'bonds without an end': unreadable('C='.repeat(900), /syntax error/),
  'bonds of every kind at once': unreadable('C-=#$:/\\~C', /syntax error/),
  'a reaction': unreadable('CCO>>CC=O', /syntax error/),
  'a reaction of agents and atoms mapped twice': unreadable('[CH3:1][OH:1]>[Pt]>[CH2:1]=[O:1]', /syntax error/),
  'a polymer without end': drawn('*'.repeat(400), /^\*{400}$/m),
  'charges as large as may be': drawn('[*+127].[*-127]', /\+127/),
  'isotopes as large as may be': drawn('[999C][65535C]([0H])[1H]', /999/),
  'hydrogens that bond to hydrogens': drawn('[H][H].[2H][3H].[H+]', /\[/),
  'atoms with more bonds than they may have': unreadable(
    `C${'(C)'.repeat(200)}`,
    /Explicit valence|Pre-condition Violation/,
  ),
  'metals with a hundred ligands': drawn(`[U]${'(O)'.repeat(100)}O`, /U/),
  'stereo of shapes that are not there': unreadable(
    'C[Pt@SP9](F)(Cl)Br.[Co@OH99](N)(N)(N)(N)(N)N',
    /Invalid chiral specification/,
  ),
  'a cage that has no drawing in the plane': drawn(
    'C12C3C4C5C1C6C7C8C9C2C3%10C4%11C5%12C6%13C7%14C8%15C9%10C%11%15C%12%14%13',
    /^C12C3C4C5C1C/m,
  ),
  'letters that only look like atoms': unreadable('\u0421\u0421\u041e\u202e\u200b', /syntax error/),
  'whitespace of other scripts': drawn('CCO\u2003CCN\u0085CCC', /^CCO$/m),
  'CXSMILES that names every feature': drawn(
    `CCO |(0,0,;1e308,nan,;,,),$;;_R1$,atomProp:0.x.y:1.${'z'.repeat(900)},m:0:1.2,LN:1:1.3,SgD:1,0:n:v::::,Sg:n:0,1,2:9999999:ht,r,^1:0,c:0,wU:1.0,H:0.1|`,
    leftOut,
  ),
  'InChI in its place': unreadable('InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3', /syntax error/),
  'a file of a molecule in its place': unreadable(
    '\n  RDKit\n\n999999999  0  0  0  0  0  0  0  0  0999 V2000\nM  END',
    /syntax error/,
  ),
});
