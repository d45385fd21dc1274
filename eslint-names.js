import { readFileSync } from 'node:fs';

/** Words that say too little as the whole name of something. */
const vagueNames = [
  'beside',
  'told',
  'heard',
  'said',
  'one',
  'never',
  'place',
  'places',
  'Seen',
  'Served',
  'Sheet',
  'Remains',
];

/** First words of names that start with `max` or `min` instead. */
const oldPrefixes = new Map([
  ['most', 'max'],
  ['largest', 'max'],
  ['least', 'min'],
]);

/** Names that are not ours to choose, each with its owner. */
const namesOfOthers = new Map([
  ['toColourspace', 'sharp'],
  ['handDrawnSeed', 'Mermaid'],
  ['store_lane', 'WebAssembly'],
  ['extract_lane', 'WebAssembly'],
  ['FinishDrawing', 'RDKit'],
  ['GetDrawingText', 'RDKit'],
  ['largestDifference', 'a stored file, int8.json'],
]);

/** Stems of verbs that end in -ize in American English. */
const izeStems =
  'normal|quant|organ|recogn|serial|optim|initial|minim|maxim|summar|token|raster|vector|random|parameter|visual|util|' +
  'synchron|author|custom|special|categor|penal|priorit|discret|stabil|general|linear|sanit|memor|real|final|emphas|' +
  'canonical|digit|local|central|capital|standard|character|item|symbol|neutral|ideal|equal|immun|harmon|global|material|' +
  'colon|apolog|critic|formal|modern|external|internal|polar|mobil';

/** British spellings, as stems or whole words, in small letters. */
const britishWord = new RegExp(
  [
    `(?:re|de|un)?(?:${izeStems})is(?:e[ds]?|ers?|ing|ations?)`,
    '(?:re|un|mis|dis)?(?:colour|behaviour|favour|honour|neighbour|labour|flavour|harbour|rumour|humour|vapour)(?:s|ed|ing|ful|hood|ly|al|ite|less|able)?',
    'grey(?:s|ed|scale|ish|er)?',
    '(?:centi|milli|kilo)?(?:metre|litre)s?|(?:de|re)?centre[ds]?|theatres?|fibres?|calibres?',
    'catalogues?|dialogues|licences?|defences?|offences?|artefacts?|judgements?|analys(?:e|ed|er|ers|ing)|cheques?',
    'cancell(?:ed|ing)|labell(?:ed|ing)|modell(?:ed|ing|er)|travell(?:ed|ing|er)|signall(?:ed|ing)|levell(?:ed|ing)|fulfils?',
    'whilst|amongst|learnt|spelt|programmes?|ageing|moulds?|ploughs?|sceptic(?:al)?|tyres?',
  ].join('|'),
);

/** Words and phrases of prose that this project says in plainer ones. */
const plainer = new Map([
  ['anew', '"again" or "from scratch"'],
  ['lest', '"so that ... not"'],
  ['mend', '"fix"'],
  ['mends', '"fixes"'],
  ['mended', '"fixed"'],
  ['mending', '"fixing"'],
  ['reckon', '"compute"'],
  ['reckoned', '"computed"'],
  ['photograph', '"screenshot"'],
  ['heard', '"received"'],
  ['shut in', '"isolated"'],
  ['to speak of', '"noticeable"'],
]);

/** The words of a name in camelCase, PascalCase, snake_case or kebab-case, in small letters. */
const words = (name) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** The code spans of the column "not" in the glossary's tables, with the word of their row. */
function oldNames() {
  const page = readFileSync(new URL('./docs/glossary.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| [^-]/.test(line));
  return rows.flatMap((row) => {
    const cells = row.split('|').map((cell) => cell.trim());
    return [...cells.at(-2).matchAll(/`([^`]+)`/g)].map(([, name]) => ({ name, instead: cells[1] }));
  });
}

const glossaryNames = oldNames();
/** A name with a capital is refused as a whole; another one as words of any name, in the singular and plural. */
const wholeNames = new Map([
  ...glossaryNames.filter(({ name }) => /^[A-Z]/.test(name)).map(({ name, instead }) => [name, instead]),
  ...vagueNames.map((name) => [name, 'a plain noun']),
]);
const nameParts = glossaryNames
  .filter(({ name }) => !/^[A-Z]/.test(name))
  .map(({ name, instead }) => ({ pattern: ` ${words(name).join(' ')}`, instead }));

/** Why a name of an identifier or file is refused, or undefined. */
export function problemOfName(name) {
  if (namesOfOthers.has(name)) return undefined;
  const whole = wholeNames.get(name);
  if (whole) return `"${name}" is an old name: use ${whole} (docs/glossary.md).`;
  const parts = words(name);
  const spaced = ` ${parts.join(' ')} `;
  const old = nameParts.find(({ pattern }) => spaced.includes(`${pattern} `) || spaced.includes(`${pattern}s `));
  if (old) return `"${name}" has the old name "${old.pattern.trim()}": use ${old.instead} (docs/glossary.md).`;
  const prefix = parts.length > 1 && oldPrefixes.get(parts[0]);
  if (prefix) return `"${name}" begins with "${parts[0]}": begin it with "${prefix}".`;
  const british = parts.find(isBritish);
  return british && `"${name}" is British in "${british}": spell it the American way.`;
}

/** Why a text in English is refused, or undefined. */
export function problemOfText(text) {
  const british = text.match(/[A-Za-z]+/g)?.find(isBritish);
  if (british) return `"${british}" is British: spell it the American way.`;
  const phrase = plainerPattern.exec(text)?.[0].toLowerCase();
  return phrase && `Instead of "${phrase}" write ${plainer.get(phrase)}.`;
}

const wholeBritishWord = new RegExp(`^(?:${britishWord.source})$`);
const plainerPattern = new RegExp(`\\b(?:${[...plainer.keys()].join('|')})\\b`, 'i');
const isBritish = (word) => wholeBritishWord.test(word.toLowerCase());

/**
 * Refuses old names in identifiers and file names, and British or quaint words in comments, strings and test titles.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const namesRule = {
  meta: { type: 'suggestion', schema: [] },
  create(context) {
    const report = (node, message) => message && context.report({ node, message });
    const checkName = (node) => {
      if (typeof node.name === 'string') report(node, problemOfName(node.name));
    };
    const checkText = (node, text) => {
      if (typeof text === 'string') report(node, problemOfText(text));
    };
    return {
      Program(node) {
        const file = context.filename.split('/').at(-1);
        report(node, problemOfName(file.replace(/\.\w+$/, '')));
        for (const comment of context.sourceCode.getAllComments()) {
          const message = problemOfText(comment.value);
          if (message) context.report({ loc: comment.loc, message });
        }
      },
      Identifier: checkName,
      PrivateIdentifier: checkName,
      JSXIdentifier: checkName,
      Literal: (node) => checkText(node, node.value),
      TemplateElement: (node) => checkText(node, node.value.raw),
      JSXText: (node) => checkText(node, node.value),
    };
  },
};
