import AxeBuilder from '@axe-core/playwright';
import { test as base, type Page } from '@playwright/test';
import { languagePageSchema } from '@pentimento/api-contracts';
import { jobSchema, type CreateJobInput, type Job, type Language } from '@pentimento/contracts';
import sharp from 'sharp';
import { startStack } from '../support/stack.ts';

export { expect } from '@playwright/test';

const svg = (body: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160">${body}\n</svg>`;
const ground = '\n<rect width="240" height="160" fill="#f4f1ea"/><rect y="140" width="240" height="2"/>';
const bar = (x: string) => `<rect x="${x}" y="40" width="8" height="100" fill="#c8402b"/>`;

const python = `import matplotlib.pyplot as plt
figure, axes = plt.subplots(figsize=(2.4, 1.6), dpi=100, facecolor='#f4f1ea')
axes.bar(range(6), [5] * 6, color='#c8402b')
axes.axis('off')
`;
const latex = (body: string) => `\\documentclass{standalone}
\\usepackage{tikz}
\\begin{document}
\\begin{tikzpicture}
\\fill[red!70!black] (0,0) rectangle (0.2,2);
${body}
\\end{tikzpicture}
\\end{document}`;

/** Looks like markup that would run, if text of a model were ever markup. */
const bait = '<img src="x" onerror="document.title = 1"/>';
const manyBars = Array.from({ length: 90 }, (_, index) => `\n${bar(String(index))}`).join('');

/**
 * Adds one of the target's bars per iteration. `slow` replies late, `stuck` never, `mute` without code, `writing` bit by bit and never to its end, `again` fails
 * late and stalls at its second attempt. The first LaTeX has an error.
 */
const script = {
  log: 'calls.jsonl',
  steps: [
    { when: { model: 'stuck', task: 'refine' }, hang: true },
    {
      when: { model: 'writing' },
      reasoning: 'Bars on a plain ground.',
      text: `Here it is.\n\n\`\`\`svg\n${svg(`${bait}${ground}${manyBars}`)}\n\`\`\``,
      // It stalls before its end, so that a slow page finds it still in progress.
      pace: { characters: 60, everyMs: 300 },
      stallAt: 5000,
    },
    {
      when: { model: 'again', attempt: 1 },
      error: { status: 503, after: 'The first attempt goes wrong late.' },
      pace: { characters: 6, everyMs: 300 },
    },
    { when: { model: 'again' }, text: 'The second attempt, which stalls.', stallAt: 18 },
    { when: { model: 'mute' }, text: 'I would rather not.' },
    { when: { language: 'python' }, code: python },
    { when: { language: 'latex', task: 'draft' }, code: latex('\\nosuchcommand') },
    { when: { language: 'latex' }, code: latex('\\draw (0,0) -- (3,0);') },
    { when: { model: 'slow', task: 'draft' }, delayMs: 600, code: svg(ground) },
    { when: { model: 'slow' }, delayMs: 600, edits: [{ search: '</svg>', replace: `${bar('{{lines}}0')}\n</svg>` }] },
    { when: { task: 'draft' }, code: svg(ground) },
    { edits: [{ search: '</svg>', replace: `${bar('{{lines}}0')}\n</svg>` }] },
  ],
};

export interface Service {
  url: string;
  /** PENTIMENTO_HOME of the server. */
  home: string;
  /** The image that the scripted model writes bar by bar. */
  target: Buffer;
  submit(request: CreateJobInput): Promise<Job>;
  /** Submits and waits for the end. */
  finish(request: CreateJobInput): Promise<Job>;
  /** Whether the language's tools are installed. */
  canRender(language: Language): Promise<boolean>;
}

/** One real stack for all browser tests: API, worker, PostgreSQL and the built dashboard, with a scripted model. */
export const test = base.extend<{ page: Page }, { service: Service }>({
  service: [
    async ({}, use) => {
      const models = 'scripted/slow,scripted/stuck,scripted/mute,scripted/quick,scripted/writing,scripted/again';
      const stack = await startStack({ script, variables: { PENTIMENTO_MODELS: models } });
      const bars = Array.from({ length: 6 }, (_, index) => bar(`${index + 3}0`)).join('');
      const target = await sharp(Buffer.from(svg(ground + bars)))
        .png()
        .toBuffer();
      const submit = async (request: CreateJobInput) => {
        const body = new FormData();
        body.set('request', JSON.stringify(request));
        body.set('target', new Blob([new Uint8Array(target)]), `${request.name ?? 'bars'}.png`);
        return jobSchema.parse(await (await fetch(`${stack.url}/v1/jobs`, { method: 'POST', body })).json());
      };
      const finish = async (request: CreateJobInput) => {
        const { links } = await submit(request);
        await (await fetch(stack.url + links.events)).text();
        return jobSchema.parse(await (await fetch(stack.url + links.self)).json());
      };
      const canRender = async (language: Language) => {
        const page = languagePageSchema.parse(await (await fetch(`${stack.url}/v1/languages`)).json());
        return page.data.some(({ id, available }) => id === language && available);
      };
      await use({ url: stack.url, home: stack.home, target, submit, finish, canRender });
      await stack.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ service }, use) => use(service.url),
});

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds on the whole page, or in the part that changed since the last check. */
export async function violations(page: Page, part = 'html'): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(part).withTags(rules).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}

/** Opens the form. Its languages appear only once the page listens to what is typed, clicked and dropped. */
export async function openSubmit(page: Page): Promise<void> {
  await page.goto('/submit');
  await page.getByRole('radio').first().waitFor({ state: 'attached' });
}

/** Drops a file on the drop zone, as a drag from a folder does. */
export async function dropFile(page: Page, file: { name: string; type: string; bytes: Buffer }): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ name, type, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const dragged = new DataTransfer();
      dragged.items.add(new File([bytes], name, { type }));
      return dragged;
    },
    { name: file.name, type: file.type, base64: file.bytes.toString('base64') },
  );
  await page.getByTestId('drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
}
