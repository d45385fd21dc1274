import { readFileSync } from 'node:fs';
import { alignmentOf, publishedCode } from '@pentimento/contracts';
import { languages } from '@pentimento/render/languages';
import { parseReply } from '@pentimento/replies';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { replyForms, type ReplyForm } from '../support/reply-forms.ts';

const languageOf = ({ language }: ReplyForm) => languages.find(({ id }) => id === language)!;

/** The names that the published reward looks for in the prompt, in order; its code for "tikz" is that of "latex". */
const publishedNames = ['svg', 'html', 'python', 'latex', 'mermaid', 'tikz'];

/** The published rule: the first known name in the prompt, "python" where there is none, and its pattern in the reply. */
function publishedAlignment(prompt: string, reply: string): 0 | 1 {
  const named = publishedNames.find((name) => prompt.toLowerCase().includes(name)) ?? 'python';
  const name = named === 'tikz' ? 'latex' : named;
  return new RegExp(`\`\`\`${name}\\s*(.*?)\\s*\`\`\``, 's').test(reply) ? 1 : 0;
}

const ownAlignment = (form: ReplyForm): 0 | 1 => alignmentOf(form.reply, languageOf(form).fenceNames[0]);
/** Languages that the published reward does not know: it takes their replies for Python. */
const isUnknownToPublished = ({ language }: ReplyForm): boolean => !publishedNames.includes(language);

/** What the published file's own pattern takes out of each form: see test/golden/replies.py. */
const golden = JSON.parse(readFileSync(new URL('../golden/replies.json', import.meta.url), 'utf8')) as Record<
  string,
  string | null
>;
const takenBy = (form: ReplyForm): string | null => publishedCode(form.reply, languageOf(form).fenceNames[0]) ?? null;

/** How each rule reads a form, in words. */
function lenientCell({ reads }: ReplyForm): string {
  return 'code' in reads ? '1' : `0, refused: ${reads.refuses.replace(/\.$/, '')}`;
}

function publishedCell(form: ReplyForm): string {
  const code = takenBy(form);
  if (code === null) return '0, no code';
  const isSame = 'code' in form.reads && form.reads.code.trim() === code.trim();
  return isSame ? '1' : '1, other code';
}

describe('the forms of replies', () => {
  it('are many, each with a name of its own', () => {
    expect(replyForms.length).toBeGreaterThanOrEqual(120);
    expect(new Set(replyForms.map(({ form }) => form)).size).toBe(replyForms.length);
  });

  it.each(replyForms.map((form) => [form.form, form] as const))('are read by the loop: %s', (_, form) => {
    const { reply, current = null, finishReason = 'stop', reads } = form;
    const parsed = parseReply(reply, { language: languageOf(form), current, finishReason });
    if ('code' in reads) expect(parsed).toMatchObject({ code: reads.code, detail: '' });
    else expect(parsed).toMatchObject({ code: null, detail: expect.stringContaining(reads.refuses) });
  });

  it('have the published alignment, but for languages that it does not know', () => {
    const different = replyForms.filter((form) => publishedAlignment(form.language, form.reply) !== ownAlignment(form));
    expect(different.map(({ form }) => form)).toEqual(['SMILES: its name']);
    expect(different.every(isUnknownToPublished)).toBe(true);
  });

  it('give the code and the alignment that the published pattern gives, in Python', () => {
    expect(Object.fromEntries(replyForms.map((form) => [form.form, takenBy(form)]))).toEqual(golden);
    for (const form of replyForms) expect(ownAlignment(form)).toBe(golden[form.form] === null ? 0 : 1);
  });

  it('are listed with both rules', async () => {
    const file = new URL('../../docs/reply-forms.md', import.meta.url);
    const text = readFileSync(file, 'utf8');
    const marker = '<!-- forms -->';
    const rows = replyForms.map((form) => {
      const [lenient, published] = [lenientCell(form), publishedCell(form)];
      const agrees = lenient === published || (lenient.startsWith('0') && published.startsWith('0'));
      const star = agrees ? '' : ' \\*';
      return `| ${form.form.replaceAll('|', '\\|').replaceAll('<', '&lt;')}${star} | ${lenient} | ${published} |`;
    });
    const table = ['| form | lenient | published |', '| --- | --- | --- |', ...rows].join('\n');
    const written = `${text.slice(0, text.indexOf(marker))}${marker}\n\n${table}\n`;
    const formatted = await format(written, { ...(await resolveConfig(file)), parser: 'markdown' });
    await expect(formatted).toMatchFileSnapshot(file.pathname);
  });
});
