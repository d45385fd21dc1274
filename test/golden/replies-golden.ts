/** Writes replies.json, what the published pattern takes out of every form of a reply: node test/golden/replies-golden.ts */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { languages } from '@pentimento/render/languages';
import { replyForms } from '../support/reply-forms.ts';

const forms = replyForms.map(({ form, language, reply }) => ({
  form,
  name: languages.find(({ id }) => id === language)!.fenceNames[0],
  reply,
}));
const script = new URL('replies.py', import.meta.url).pathname;
const taken: unknown = JSON.parse(
  execFileSync('python3', [script], { input: JSON.stringify(forms), encoding: 'utf8', maxBuffer: 2 ** 26 }),
);
await writeFile(new URL('replies.json', import.meta.url), `${JSON.stringify(taken, null, 2)}\n`);
