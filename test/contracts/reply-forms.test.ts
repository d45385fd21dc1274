import { readFileSync } from 'node:fs';
import { alignmentOf } from '@pentimento/contracts';
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
const isRead = ({ reads }: ReplyForm): boolean => 'code' in reads;

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

  it('are listed with both', async () => {
    const file = new URL('../../docs/reply-forms.md', import.meta.url);
    const text = readFileSync(file, 'utf8');
    const marker = '<!-- forms -->';
    const rows = replyForms.map((form) => {
      const loop = 'code' in form.reads ? 'read' : `refused: ${form.reads.refuses.replace(/\.$/, '')}`;
      const star = isRead(form) === (ownAlignment(form) === 1) ? '' : ' \\*';
      return `| ${form.form.replaceAll('|', '\\|').replaceAll('<', '&lt;')}${star} | ${loop} | ${ownAlignment(form)} |`;
    });
    const table = ['| form | the loop | alignment |', '| --- | --- | --- |', ...rows].join('\n');
    const written = `${text.slice(0, text.indexOf(marker))}${marker}\n\n${table}\n`;
    const formatted = await format(written, { ...(await resolveConfig(file)), parser: 'markdown' });
    await expect(formatted).toMatchFileSnapshot(file.pathname);
  });
});
