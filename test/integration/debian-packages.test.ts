import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { languages } from '@pentimento/render/languages';
import { describe, expect, it } from 'vitest';
import { packagesOfEngines } from '../../libs/runtimes/src/tex/engine.ts';
import { snippetFiles } from '../../libs/runtimes/src/tex/packages.ts';
import { findChromium } from '../../libs/sandbox/src/browser/chromium.ts';
import { needs } from '../../scripts/tasks/debian-packages.mjs';
import { closureOf, ownersOf } from '../support/dpkg.ts';
import { allDomains, itWithPackages, productSources, strangers, testSources } from '../support/set-up-packages.ts';
import { filesReadBy, texHas } from '../support/tex-files.ts';
import { fontFamiliesIn, programsIn, pythonModulesIn, texFilesIn, type Source } from '../support/uses.ts';

/**
 * Whatever the product and its tests use must come from a Debian package that set-up installs, or that one of those depends on.
 * What a machine has from elsewhere does not count, so that a used machine cannot hide a package that set-up lacks.
 */

/** The folder that uses a program decides which domain must install it: a language's own, or one that languages share. */
const sharedFolders: [RegExp, string][] = [
  [/\/tex\//, 'latex'],
  [/\/python\//, 'python'],
  [/\/python-latest\./, 'python-latest'],
  [/\/(?:browser|pages|fonts)\//, 'html'],
];
const productDomain = ({ path }: Source): string =>
  /\/languages\/([^/]+)\//.exec(path)?.[1] ?? sharedFolders.find(([folder]) => folder.test(path))?.[1] ?? 'base';

describe('programs', () => {
  /** Node and npm are what the README asks for; systemctl is called only where systemd runs; the script is for developers. */
  const provided = new Set(['node', 'npm', 'systemctl']);
  const developers = /fresh-machine/;
  const programs = (source: Source): string[] =>
    developers.test(source.path) ? [] : programsIn(source).filter((name) => !provided.has(name));
  const pathOf = (name: string): string | undefined =>
    ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].map((folder) => join(folder, name)).find((path) => existsSync(path));

  it('finds the programs that sources start', () => {
    const found = new Set([...productSources(), ...testSources()].flatMap(programs));
    expect([...found]).toEqual(
      expect.arrayContaining(['bwrap', 'setpriv', 'prlimit', 'pdftotext', 'pdftoppm', 'kpsewhich', 'redis-server']),
    );
  });

  itWithPackages('of the product come with the domain that uses them', () => {
    const byDomain = Map.groupBy(productSources(), productDomain);
    expect([...byDomain.keys()]).toEqual(expect.arrayContaining(['base', ...languages.map(({ id }) => id)]));
    for (const [domain, sources] of byDomain) {
      const names = sources.flatMap(programs);
      const paths = names.map(pathOf).filter((path) => path !== undefined);
      expect(strangers(paths, [domain]), domain).toEqual([]);
    }
    const engines = ['pdflatex', ...Object.keys(packagesOfEngines)].map((name) => `/usr/bin/${name}`);
    expect(strangers(engines, ['latex'])).toEqual([]);
    expect(strangers([findChromium(undefined)!], ['html'])).toEqual([]);
  });

  itWithPackages('of the tests come with set-up', () => {
    const paths = testSources().flatMap(programs).map(pathOf);
    expect(
      strangers(
        paths.filter((path) => path !== undefined),
        allDomains,
      ),
    ).toEqual([]);
  });
});

describe('Python modules', () => {
  const question = `
import importlib.util, json, sys
def origin(name):
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, AttributeError, ValueError):
        return None
    return spec and (spec.origin or list(spec.submodule_search_locations)[0])
print(json.dumps({name: origin(name) for name in json.load(sys.stdin)}))`;

  /** Where Debian's Python finds each module; null for none, and for what is in no file. */
  function originsOf(sources: Source[]): Record<string, string | null> {
    const own = new Set(sources.filter(({ path }) => path.endsWith('.py')).map(({ path }) => basename(path, '.py')));
    const names = [...new Set(sources.flatMap(pythonModulesIn))].filter((name) => !own.has(name.split('.')[0]!));
    const options = { input: JSON.stringify(names), env: {}, cwd: '/' };
    const found = JSON.parse(String(execFileSync('/usr/bin/python3', ['-I', '-W', 'ignore', '-c', question], options)));
    const isFile = ([, path]: [string, unknown]): boolean => path === null || String(path).startsWith('/');
    return Object.fromEntries(Object.entries(found as Record<string, string | null>).filter(isFile));
  }
  const filesOf = (origins: Record<string, string | null>): string[] =>
    Object.values(origins).filter((path) => path !== null);

  itWithPackages('that the renderers import are all there, and come with their domain', () => {
    const origins = originsOf(productSources());
    const modules = ['matplotlib.pyplot', 'scipy.stats', 'PIL.Image', 'indigo_renderer', 'rdkit.Chem.Draw.rdMolDraw2D'];
    expect(Object.keys(origins)).toEqual(expect.arrayContaining(modules));
    const preloaded = productSources().flatMap(
      ({ text }) => /^_wanted = \[([^\]]*)\]/m.exec(text)?.[1]?.match(/[\w.]+/g) ?? [],
    );
    expect(preloaded.filter((name) => origins[name] === null)).toEqual([]);
    expect(strangers(filesOf(origins), ['python'])).toEqual([]);
    const molecules = originsOf(productSources().filter(({ path }) => path.endsWith('molecule.py')));
    expect(Object.keys(molecules)).toContain('rdkit.Chem');
    expect(strangers(filesOf(molecules), ['smiles'])).toEqual([]);
  });

  itWithPackages('that the tests import come with set-up', () => {
    expect(strangers(filesOf(originsOf(testSources())), allDomains)).toEqual([]);
  });
});

describe('fonts', () => {
  const question = `
import json
from matplotlib import font_manager
print(json.dumps([[font.name, font.fname] for font in font_manager.FontManager().ttflist]))`;

  itWithPackages('that sources name come with set-up', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pentimento-fonts-'));
    const env = { PATH: '/usr/bin:/bin', MPLCONFIGDIR: folder };
    const listed = String(execFileSync('/usr/bin/python3', ['-I', '-W', 'ignore', '-c', question], { env, cwd: '/' }));
    rmSync(folder, { recursive: true });
    const files = new Map(JSON.parse(listed) as [string, string][]);
    const filesOf = (sources: Source[]): (string | undefined)[] =>
      [...new Set(sources.flatMap(fontFamiliesIn))]
        // Matplotlib reads no emoji, which have a test of their own, and of a collection only its first font.
        .filter((family) => family !== 'Noto Color Emoji' && !/ CJK (?:SC|TC|KR)$/.test(family))
        .map((family) => files.get(family));
    const settings = productSources().filter(({ path }) => /\.(?:conf|py)$/.test(path));
    const named = filesOf(settings);
    expect(named.length).toBeGreaterThan(3);
    expect(named).not.toContain(undefined);
    const all = [...named, ...filesOf([...productSources(), ...testSources()])].filter((path) => path !== undefined);
    expect(strangers(all, ['html'])).toEqual([]);
  });

  itWithPackages('that stand for packages are there only if all of these are', () => {
    const standing = needs.filter(({ files }) => files.length > 0);
    expect(standing.length).toBeGreaterThan(3);
    for (const { packages, files } of standing) {
      for (const path of files) expect([...closureOf(ownersOf(path))]).toEqual(expect.arrayContaining(packages));
    }
  });

  itWithPackages('bring emoji', () => {
    expect(strangers(['/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'], ['html'])).toEqual([]);
  });
});

describe('what TeX reads', { timeout: 240_000 }, () => {
  /** Japanese typesetting would install 320 MB and Ruby. A document that loads it fails with the message that it is not installed. */
  const leftOut = new Set(['luatexja']);
  const engineOf = (name: string): string =>
    Object.entries(packagesOfEngines).find(([, names]) => names.includes(name))?.[0] ?? 'pdflatex';
  const loading = (names: string[]): string =>
    `\\documentclass{article}${names.map((name) => `\\usepackage{${name}}`).join('')}\\begin{document}x $x^2$\\end{document}`;
  const whole = (name: string, body: string, head = ''): string =>
    `\\documentclass{${name}}${head}\\begin{document}${body}\\end{document}`;
  const needed = [...snippetFiles.packages, ...Object.values(packagesOfEngines).flat()];

  /** What sources name and TeX has, without the ending. */
  async function namedIn(sources: Source[], ending: string): Promise<string[]> {
    const files = sources.flatMap(texFilesIn).filter((file) => file.endsWith(ending));
    const there = await Promise.all(files.map(async (file) => ((await texHas(file)) ? basename(file, ending) : [])));
    return there.flat();
  }

  /** The files that packages read, loaded together where they get along, else in halves. What does not load alone is a failure. */
  async function filesOf(engine: string, names: string[], failures: string[]): Promise<string[]> {
    try {
      return await filesReadBy(engine, loading(names));
    } catch (error) {
      if (names.length === 1) failures.push(`${names[0]}: ${(error as Error).message}`);
      const middle = Math.ceil(names.length / 2);
      const halves = names.length > 1 ? [names.slice(0, middle), names.slice(middle)] : [];
      return (await Promise.all(halves.map((half) => filesOf(engine, half, failures)))).flat();
    }
  }

  itWithPackages('of packages comes with the domain latex, whatever the engine', async () => {
    const named = [...needed, ...(await namedIn([...productSources(), ...testSources()], '.sty'))];
    const packages = [...new Set(named)].filter((name) => !leftOut.has(name));
    expect(packages.length).toBeGreaterThan(40);
    const failures: string[] = [];
    const read: string[] = [];
    for (const engine of ['pdflatex', 'xelatex', 'lualatex']) {
      const own = packages.filter((name) => engineOf(name) === engine);
      read.push(...(await filesOf(engine, own, failures)));
    }
    expect(failures).toEqual([]);
    expect(strangers(read, ['latex'])).toEqual([]);
  });

  itWithPackages('of classes, libraries and other scripts comes with the domain latex', async () => {
    const { tikzLibraries, plotLibraries } = snippetFiles;
    const libraries = `\\usepackage{pgfplots}\\usetikzlibrary{${tikzLibraries}}\\usepgfplotslibrary{${plotLibraries}}`;
    const classes = await namedIn([...productSources(), ...testSources()], '.cls');
    const documents: [engine: string, document: string][] = [
      ...[...new Set(classes)].map((name): [string, string] => [
        name.startsWith('ctex') ? 'xelatex' : 'pdflatex',
        whole(name, 'x'),
      ]),
      ['pdflatex', whole('standalone', 'x', libraries)],
      ['pdflatex', whole('article', '\\begin{CJK}{UTF8}{gbsn}输\\end{CJK}', '\\usepackage{CJKutf8}')],
      ['pdflatex', whole('article', '\\textsc{ž} \\tt x', '\\usepackage[T1]{fontenc}')],
      ['xelatex', whole('ctexart', '你好 x')],
      ['lualatex', loading(['fontspec'])],
    ];
    const read = await Promise.all(documents.map(([engine, document]) => filesReadBy(engine, document)));
    expect(strangers(read.flat(), ['latex'])).toEqual([]);
  });
});
