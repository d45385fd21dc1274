import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A source file of the repository. */
export interface Source {
  path: string;
  text: string;
}

/** What is committed of these folders, measurements and developers' tools aside. */
export function sourcesIn(...folders: string[]): Source[] {
  const listed = execFileSync('git', ['ls-files', '-z', ...folders], { cwd: root, encoding: 'utf8' });
  const paths = listed.split('\0').filter((path) => /\.(?:ts|tsx|mjs|py|sh|tex|conf|md)$/.test(path));
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);
const quoted = (list: string): string[] => matches(list, /'([^']+)'/g);

/** Programs that a source starts or looks for by name or by its path in /usr/bin. */
export function programsIn({ path, text }: Source): string[] {
  if (path.endsWith('.sh')) return commandsIn(text);
  const started = /\b(?:spawn|spawnSync|execFile|execFileSync|runCaptured|which)\(\s*'([\w.+-]+)'/g;
  const logged = /\brunLogged\(\s*'[\w-]+',\s*'([\w.+-]+)'/g;
  return [
    ...matches(text, started),
    ...matches(text, logged),
    ...matches(text, /\bfindExecutable\(\[([^\]]*)\]/g).flatMap(quoted),
    ...matches(text, /['" ](?:\/usr)?\/bin\/([\w.+-]+)(?=['" ])/g),
    ...matches(text, /Script = `([^`]*)`/g).flatMap(commandsIn),
  ];
}

const shellWords = new Set(
  (
    'case esac if then elif else fi for while until do done in function { } ! [ [[ : . break cd continue echo eval exec exit export ' +
    'command kill printf read return set shift test trap umask unset wait true false local declare'
  ).split(' '),
);

/** The first words of the commands of a shell script, but for what the shell itself does and for functions of the script. */
function commandsIn(script: string): string[] {
  const text = script
    .replace(/^\s*(?:#.*$|[\w|*]+\))/gm, '')
    .replace(/\$\(/g, '\n')
    .replace(/'[^']*'/g, 'quoted');
  const functions = new Set(matches(text, /^\s*(\w+)\(\)/gm));
  const firstWord = /^(?:(?:if|then|elif|else|while|until|do|exec|!|\{|\w+=\S*)\s+)*([a-z][\w.-]*)(?=[\s]|$)/;
  return text
    .split(/[\n;|&()]+/)
    .map((part) => firstWord.exec(part.trim())?.[1])
    .filter((word) => word !== undefined)
    .filter((word) => !shellWords.has(word) && !functions.has(word) && word !== 'quoted');
}

/** Names in Python's import statements, in programs inside TypeScript too; `a.b` for `from a import b`, which may be a module. */
export function pythonModulesIn({ path, text }: Source): string[] {
  const lines = path.endsWith('.py') ? text : text.replaceAll('\\n', '\n').replaceAll(/[`']/g, '\n');
  const imported = matches(
    lines,
    /^\s*import ([a-z_][\w.]*(?: as \w+)?(?:, *[a-z_][\w.]*(?: as \w+)?)*)\s*(?:;|#|$)/gim,
  );
  const from = [...lines.matchAll(/^\s*from ([a-z_][\w.]*) import ([\w, ]+?)(?: as \w+)?\s*(?:;|#|$)/gim)];
  return [
    ...imported.flatMap((list) => list.split(',').map((item) => item.trim().split(' ')[0]!)),
    ...from.flatMap(([, module, names]) => [module!, ...names!.split(',').map((name) => `${module}.${name.trim()}`)]),
    ...matches(text, /^_wanted = \[([^\]]*)\]/gm).flatMap(quoted),
  ];
}

/** TeX's packages and classes that documents in a source load. */
export function texFilesIn({ text }: Source): string[] {
  const named = (command: string, ending: string): string[] =>
    matches(text, new RegExp(`\\\\{1,2}${command}(?:\\[[^\\]]*\\])?\\{([\\w, -]+)\\}`, 'g'))
      .flatMap((list) => list.split(','))
      .map((name) => `${name.trim()}.${ending}`);
  return [...named('usepackage', 'sty'), ...named('documentclass', 'cls')];
}

/** Font families that a source names: in CSS and SVG, in fontconfig's settings, in LaTeX, and where a renderer falls back. */
export function fontFamiliesIn({ text }: Source): string[] {
  return [
    ...matches(text, /font-family(?:=\\?"|:\s*)'?([A-Z][\w ]+)/g),
    ...matches(text, /<string>([A-Z][\w ]+)<\/string>/g),
    ...matches(text, /<(?:accept|prefer)><family>([A-Z][\w ]+)<\/family>/g),
    ...matches(text, /\\set(?:main|sans|mono)font\{([\w ]+)\}/g),
    ...matches(text, /\bfor family in \(([^)]*)\)/g).flatMap(quoted),
  ];
}
