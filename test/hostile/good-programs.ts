import type { Language } from './languages.ts';
import type {} from '@pentimento/contracts';
import { innocent } from './innocent.ts';

const colours = ['teal', 'blue', 'olive', 'red', 'purple', 'gray'];

/** Small correct programs of a language, each of which always draws the same. */
export function goodPrograms(language: Language): { name: string; code: string }[] {
  const variants = colours.map((colour, index) => ({ name: colour, code: variant(language, colour, index) }));
  return [{ name: 'innocent', code: innocent[language] }, ...variants];
}

function variant(language: Language, colour: string, index: number): string {
  switch (language) {
    case 'python':
      return `import matplotlib.pyplot as plt\nimport numpy as np\nplt.figure(figsize=(3, 2))\nplt.bar(range(5), np.random.rand(5), color='${colour}')\nplt.title('number ${index}')\nplt.savefig('out.png')`;
    case 'html':
      return `<!doctype html><body style="margin:0;background:linear-gradient(${colour},white)"><h2>number ${index}</h2><script>document.body.append(Math.random(), ' ', new Date().getFullYear())</script>`;
    case 'svg':
      return `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"><rect x="9" y="9" width="60" height="${30 + index}" fill="${colour}"/><text x="9" y="80"${index % 3 ? '' : ' textLength="90"'}>number ${index}</text></svg>`;
    case 'latex':
      return String.raw`\begin{tikzpicture}\draw[fill=${colour}] (0,0) rectangle (2,1) node[midway] {$x^{${index}}$};\end{tikzpicture}`;
    case 'smiles':
      return `${'C'.repeat(index + 1)}c1ccc(${index % 2 ? 'N' : 'O'})cc1`;
    case 'mermaid':
      return `flowchart ${index % 2 ? 'LR' : 'TD'}\n  a[number ${index}] --> b{${colour}}\n  style b fill:${colour}`;
  }
}
