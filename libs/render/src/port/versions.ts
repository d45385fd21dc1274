/** Programs and libraries as people write them, by their names in a renderer's name. Others decide little of what code may use. */
const titles: Readonly<Record<string, string>> = {
  python: 'Python',
  matplotlib: 'matplotlib',
  chromium: 'Chromium',
  pdftex: 'pdfTeX',
  texlive: 'TeX Live',
  mermaid: 'Mermaid',
  librsvg: 'librsvg',
  rdkit: 'RDKit',
};

/** The versions in a renderer's name, e.g. "Mermaid 11.17, Chromium 150" for "mermaid-11.17.2 chromium-150.0.1"; undefined without any. */
export function versionsIn(renderer: string): string | undefined {
  const found = [...renderer.matchAll(/\b([a-z]+)-(\d+(?:\.\d+)*)/g)].flatMap(([, name, version]) => {
    const title = titles[name!];
    return title === undefined ? [] : [describeVersion(title, version!)];
  });
  return found.length === 0 ? undefined : found.join(', ');
}

/** Of the first two numbers of a version, or of the first where the second is 0: what code may use does not depend on more. */
export function describeVersion(title: string, version: string): string {
  const [major, minor = '0'] = version.split('.');
  return `${title} ${minor === '0' ? major : `${major}.${minor}`}`;
}
