import { describe, expect, it } from 'vitest';
import { parseReply, type ReplyLanguage } from './parse.ts';

const svg: ReplyLanguage = {
  fenceNames: ['svg', 'xml'],
  wholeProgram: (text) => /<svg[\s>][^]*<\/svg>/.exec(text)?.[0],
};
const python: ReplyLanguage = {
  fenceNames: ['python', 'py'],
  wholeProgram: (text) =>
    /^\s*(?:import|""")/.test(text) && text.includes('import') && text.includes('savefig') ? text : undefined,
};
const readAs = (language: ReplyLanguage, reply: string, current: string | null = null, finishReason = 'stop') =>
  parseReply(reply, { language, current, finishReason });
const read = (reply: string, current: string | null = null, finishReason = 'stop') =>
  readAs(svg, reply, current, finishReason);

it('takes the last fenced block of the language', () => {
  expect(read('```svg\n<a/>\n```\n```html\n<b/>\n```\n```xml\n<c/>\n```')).toMatchObject({
    status: 'code',
    code: '<c/>',
  });
});

it.each([
  ['no fence', '<svg/>', 'stop', 'no_code'],
  ['another language only', '```python\nx\n```', 'stop', 'no_code'],
  ['an empty block', '```svg\n\n```', 'stop', 'no_code'],
  ['a block that is never closed', '```svg\n<svg>', 'stop', 'no_code'],
  ['a block cut off by the length limit', '```svg\n<svg>', 'length', 'cut_off'],
  ['edits without code to edit', '```svg\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```', 'stop', 'edit_failed'],
])('reads %s as a typed outcome', (_, reply, finishReason, status) => {
  const result = read(reply, null, finishReason);
  expect(result).toMatchObject({ status, code: null });
  expect(result.detail).not.toBe('');
});

it('reads no reply of more than 4 MiB, and makes its code well-formed once', () => {
  expect(read('x'.repeat(2 ** 22 + 1))).toMatchObject({
    status: 'no_code',
    detail: expect.stringContaining('4194304'),
  });
  expect(read('```svg\n<a>\ud800</a>\n```')).toMatchObject({ status: 'code', code: '<a>\ufffd</a>' });
});

it('applies the edits of several blocks to the current code', () => {
  const a = '```svg\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```';
  const b = '```svg\n<<<<<<< SEARCH\nc\n=======\nd\n>>>>>>> REPLACE\n```';
  expect(read(`${a}\nand\n${b}`, 'a c')).toEqual({ status: 'edits', code: 'b d', detail: '' });
});

describe('edits are found', () => {
  const edit = '<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE';
  it.each([
    ['in a block of another name', `\`\`\`diff\n${edit}\n\`\`\``],
    ['without a fence', `I would change this:\n${edit}\nDone.`],
    [
      'with six signs',
      `\`\`\`svg\n${edit.replaceAll('<<<<<<<', '<<<<<<').replace('=======', '======').replace('>>>>>>>', '>>>>>>')}\n\`\`\``,
    ],
    ['in lower case', `\`\`\`svg\n${edit.replace('SEARCH', 'search').replace('REPLACE', 'replace')}\n\`\`\``],
    ['with the name of a file', `\`\`\`svg\n${edit.replace('SEARCH', 'SEARCH a.svg')}\n\`\`\``],
    ['indented', `\`\`\`svg\n${edit.replace(/^/gm, '  ')}\n\`\`\``],
    ['with each half in a fence', '<<<<<<< SEARCH\n```svg\nold\n```\n=======\n```svg\nnew\n```\n>>>>>>> REPLACE'],
  ])('%s', (_where, reply) => {
    const result = read(reply, 'a\nold\nb');
    expect(result).toMatchObject({ status: 'edits', detail: '' });
    expect(result.code!.replace(/ +/g, '')).toBe('a\nnew\nb');
  });

  it('and refused with two dividers', () => {
    const reply = `\`\`\`svg\n${edit.replace('new', 'new\n=======\nnewer')}\n\`\`\``;
    expect(read(reply, 'old')).toMatchObject({
      status: 'edit_failed',
      detail: expect.stringContaining('Edit 1 has two lines of'),
    });
  });

  it('but not in a whole program that shows a line of signs', () => {
    const code = '<svg>\n=======\n</svg>';
    expect(read(`\`\`\`svg\n${code}\n\`\`\``, 'old')).toMatchObject({ status: 'code', code });
  });
});

const program = '<svg width="9">\n  <g/>\n</svg>';
const fenced = `\`\`\`svg\n${program}\n\`\`\``;

describe('a whole program is found', () => {
  it.each([
    ['closed behind its last line', `\`\`\`svg\n${program}\`\`\``],
    ['opened behind other words', `The code: ${fenced}`],
    ['before the token of a chat template', `${fenced}<|im_end|>`],
    ['in the box of a chat template', `<|begin_of_box|>${fenced}<|end_of_box|>`],
    ['behind a byte order mark', `\ufeff${fenced}`],
    ['between tildes', fenced.replaceAll('```', '~~~')],
    ['in a list', `- Here:\n\n${fenced.replace(/^/gm, '    ')}`],
    ['in a quote', fenced.replace(/^/gm, '> ')],
    ['in a block of Markdown', `\`\`\`markdown\nSee:\n${fenced}\n\`\`\``],
    ['without the name of its language', fenced.replace('svg\n', '\n')],
    ['with a type for its name', fenced.replace('svg\n', 'svg+xml\n')],
    ['with the name of another language', fenced.replace('svg\n', 'html\n')],
    ['with a name in braces', fenced.replace('svg\n', '{svg}\n')],
    ['with the name of a file', fenced.replace('svg\n', 'svg:a.svg\n')],
    ['before a fence that is missing', fenced.slice(0, -3).trimEnd()],
    ['without any fence', `The code is\n\n${program}\n\nas you asked.`],
    ['after the thinking', `<think>\n\`\`\`svg\n<svg>no\n</think>\n${fenced}`],
    ['before a tip', `${fenced}\n\nOr use\n\n\`\`\`svg\n<g fill="red"/>\n\`\`\``],
  ])('%s', (_where, reply) => expect(read(reply, 'other')).toEqual({ status: 'code', code: program, detail: '' }));

  it('and not the edits that were only thought of', () => {
    const edit = '```svg\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```';
    expect(read(`<think>${edit}</think>${fenced}`, 'a')).toMatchObject({ status: 'code', code: program });
  });

  it('where a docstring holds a fence', () => {
    const script = '"""\n```\npython a.py\n```\n"""\nimport x\nx.savefig()';
    expect(readAs(python, `\`\`\`python\n${script}\n\`\`\``)).toMatchObject({ status: 'code', code: script });
  });

  it('in steps, which are joined', () => {
    const steps = ['import x', 'y = 1', 'x.savefig(y)'];
    const reply = steps.map((step) => `\`\`\`python\n${step}\n\`\`\``).join('\nThen:\n');
    expect(readAs(python, reply)).toMatchObject({ status: 'code', code: steps.join('\n') });
  });
});

it('takes no unfinished program, and none that was cut off', () => {
  expect(read(`\`\`\`svg\n${program.slice(0, 12)}`)).toMatchObject({ status: 'no_code' });
  expect(read(`\`\`\`svg\n${program}\n<svg>`, null, 'length')).toMatchObject({ status: 'cut_off' });
});

it.each([
  ['  <!-- ... existing code ... -->', '... existing code ... -->'],
  ['  // ... rest of the chart', '... rest of the chart'],
  ['… the remaining bars', '… the remaining bars'],
])('takes no code that stands for more: %s', (line, quoted) => {
  expect(read(`\`\`\`svg\n<svg>\n${line}\n</svg>\n\`\`\``)).toMatchObject({
    status: 'no_code',
    detail: `The code leaves parts out (${JSON.stringify(quoted)}): write all of it.`,
  });
});

it('takes code with such words in its text', () => {
  const code = '<svg><text>Wait ... the rest follows</text></svg>';
  expect(read(`\`\`\`svg\n${code}\n\`\`\``)).toMatchObject({ status: 'code', code });
});
