import { describe, expect, it } from 'vitest';
import { packagesOfEngines } from '../../libs/runtimes/src/tex/engine.ts';
import { findChromium } from '../../libs/sandbox/src/browser/chromium.ts';
import { domains, domainsOf, needs, pythonLatest } from '../../scripts/tasks/debian-packages.mjs';
import { itWithPackages, productSources, strangers } from '../support/set-up-packages.ts';
import { sourcesIn, type Source } from '../support/uses.ts';

/** A sentence of the product that names `npm run setup -- --only DOMAIN` as the remedy. */
interface Remedy {
  sentence: string;
  domain: string;
}

/** String literals with the command, and those that take one of them in by the name of a constant. */
function remediesIn({ text }: Source): Remedy[] {
  const literals = [
    ...text.matchAll(/(?:const (\w+) =\s*)?(['`])((?:(?!\2).)*setup -- --only ([\w-]+)(?:(?!\2).)*)\2/g),
  ];
  return literals.flatMap(([, constant, , sentence, domain]) => {
    const users = constant ? [...text.matchAll(new RegExp(`\`([^\`]*\\$\\{${constant}\\}[^\`]*)\``, 'g'))] : [];
    const sentences = users.length > 0 ? users.map((user) => user[1]!) : [sentence!];
    return sentences.map((sentence) => ({ sentence, domain: domain! }));
  });
}

const remedies = productSources()
  .filter(({ path }) => /\.ts$/.test(path) && /^(?:libs|apps)\//.test(path))
  .flatMap(remediesIn)
  // An offer, where nothing is missing.
  .filter(({ domain }) => domain !== pythonLatest);

const module = (name: string): string => `/usr/lib/python3/dist-packages/${name}/__init__.py`;
const tex = '/usr/share/texlive/texmf-dist/tex';

/** The files that are missing where a sentence says that something is. */
const filesOfSubject: [subject: RegExp, files: () => string[]][] = [
  [/bubblewrap/, () => ['/usr/bin/bwrap']],
  [/Chromium|browser/, () => [findChromium(undefined) ?? 'Chromium']],
  [/Python/, () => ['/usr/bin/python3']],
  [/matplotlib/, () => [module('matplotlib')]],
  [/RDKit/, () => [module('rdkit')]],
  [
    /LaTeX/,
    () => [
      ...['pdflatex', 'pdftex', 'kpsewhich', 'pdftoppm', 'pdftotext'].map((name) => `/usr/bin/${name}`),
      ...['standalone/standalone.cls', 'pgfplots/pgfplots.sty', 'amsmath/amsmath.sty'].map(
        (name) => `${tex}/latex/${name}`,
      ),
    ],
  ],
  [
    /\$\{engine\}/,
    () => [
      ...Object.keys(packagesOfEngines).map((engine) => `/usr/bin/${engine}`),
      // Each engine's own: Debian has the program lualatex without what it loads, in another package.
      `${tex}/luatex/luaotfload/luaotfload-main.lua`,
      `${tex}/xelatex/xecjk/xeCJK.sty`,
    ],
  ],
];

describe('what a message says is missing', () => {
  it('is found in the messages of the renderers', () => {
    expect(new Set(remedies.map(({ domain }) => domain))).toEqual(
      new Set(['base', 'html', 'python', 'latex', 'smiles']),
    );
  });

  for (const { sentence, domain } of remedies) {
    itWithPackages(`comes with --only ${domain}: ${sentence}`, () => {
      const files = filesOfSubject.filter(([subject]) => subject.test(sentence)).flatMap(([, list]) => list());
      expect(files, 'the test does not know what this sentence says is missing').not.toEqual([]);
      expect(domains).toContain(domain);
      expect(strangers(files, [domain])).toEqual([]);
    });
  }
});

describe('what set-up and the documentation name', () => {
  const nameable = [...domains, pythonLatest];

  it('has the packages that set-up says are missing in the domain that it names', () => {
    for (const { domain, packages } of needs.filter((need) => need.domain !== 'tests')) {
      expect(nameable).toContain(domain);
      const brought = needs.filter((need) => domainsOf(domain).includes(need.domain)).flatMap((need) => need.packages);
      expect(brought).toEqual(expect.arrayContaining(packages));
    }
  });

  it('names only domains that there are', () => {
    const named = sourcesIn('README.md', 'docs', 'libs', 'apps', 'examples').flatMap(({ text }) =>
      [...text.matchAll(/setup -- --only ([\w,-]+)/g)].flatMap((match) => match[1]!.split(',')),
    );
    expect(named.length).toBeGreaterThan(6);
    expect(nameable).toEqual(expect.arrayContaining([...new Set(named)]));
  });
});
