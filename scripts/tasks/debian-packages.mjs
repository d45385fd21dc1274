import { existsSync } from 'node:fs';
import { which } from './paths.mjs';

const anyOf =
  (...names) =>
  () =>
    names.some(which);
const fontFolder = (name) => () => existsSync(`/usr/share/fonts/truetype/${name}`);

/**
 * Debian's packages beside npm's, by domain: what each is for, and what does not work without it. `there` finds the same
 * from another source, on a system without dpkg too. `first`: small enough to be installed before the first job.
 * The Dockerfile installs the same, but for the domain `tests`.
 */
export const needs = [
  {
    domain: 'base',
    first: true,
    packages: ['bubblewrap'],
    there: anyOf('bwrap'),
    why: 'the sandbox around model-written code',
    without: 'code of real models is refused, only the built-in model runs',
  },
  {
    domain: 'html',
    first: true,
    packages: ['chromium-headless-shell'],
    there: anyOf('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'),
    why: 'the browser that renders HTML and Mermaid, and SVG and Plotly in part',
    without: 'HTML and Mermaid are not rendered and browser tests fail',
  },
  {
    domain: 'html',
    first: true,
    packages: ['fonts-liberation'],
    there: fontFolder('liberation'),
    why: 'letters as wide as those of Arial, Times and Courier',
    without: 'text renders in other fonts, or none',
  },
  {
    domain: 'html',
    first: true,
    packages: ['fonts-dejavu'],
    there: fontFolder('dejavu'),
    why: 'letters and signs that Liberation lacks',
    without: 'some signs render as boxes',
  },
  {
    domain: 'html',
    packages: ['fonts-noto-cjk'],
    there: () => existsSync('/usr/share/fonts/opentype/noto'),
    why: 'Chinese, Japanese and Korean letters',
    without: 'Chinese, Japanese and Korean text renders as boxes',
  },
  {
    domain: 'html',
    packages: ['fonts-noto-color-emoji'],
    there: () => existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'),
    why: 'emoji',
    without: 'emoji render as boxes',
  },
  {
    domain: 'python',
    packages: [
      'python3-matplotlib',
      'python3-seaborn',
      'python3-pandas',
      'python3-scipy',
      'python3-networkx',
      'python3-plotly',
      'python3-pil',
      'python3-rdkit',
      'python3-indigo',
    ],
    why: 'Python with the libraries that figures and molecules are drawn with',
    without: 'Python is not rendered, or not every library of it',
  },
  {
    domain: 'latex',
    packages: [
      'texlive-latex-base',
      'texlive-pictures',
      'texlive-latex-extra',
      'texlive-plain-generic',
      'texlive-fonts-recommended',
      'texlive-science',
      'texlive-xetex',
      'texlive-luatex',
      'texlive-music',
      'texlive-lang-chinese',
      'latex-cjk-common',
      'latex-cjk-chinese-arphic-gbsn00lp',
      'lmodern',
      'cm-super-minimal',
      'poppler-utils',
    ],
    why: 'LaTeX and TikZ with the engines and packages that documents ask for',
    without: 'LaTeX is not rendered, or not every package of it',
  },
  {
    domain: 'smiles',
    packages: ['python3-rdkit'],
    why: 'molecules of SMILES',
    without: 'SMILES is not rendered',
  },
  {
    domain: 'tests',
    packages: ['redis-server'],
    there: anyOf('redis-server'),
    why: 'the tests of the second queue backend',
    without: 'the tests of the Redis queue are skipped',
  },
  {
    domain: 'tests',
    packages: ['shellcheck', 'pyflakes3'],
    why: 'the checks of shell scripts and of Python',
    without: 'npm run check leaves shell scripts and Python out',
  },
];

/** What `npm run setup -- --only` takes: the languages, by what they need. */
export const domains = ['base', 'html', 'svg', 'mermaid', 'python', 'latex', 'smiles'];

/** SVG and Mermaid are drawn with what HTML needs; Python's Plotly figures and text in any script want it beside their own. */
const needsOf = { svg: ['html'], mermaid: ['html'], python: ['python', 'html'] };
export const domainsOf = (name) => needsOf[name] ?? [name];
