import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { candidatePageSchema, iterationPageSchema } from '@pentimento/api-contracts';
import { type Candidate } from '@pentimento/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import * as answers from '../support/hostile-answers.ts';
import { repeated } from '../support/hostile-texts.ts';

const mebi = 2 ** 20;
const fenced = (name: string, code: string): string => `\`\`\`${name}\n${code}\n\`\`\``;
const edit = (search: string): string => `<<<<<<< SEARCH\n${search}\n=======\nx\n>>>>>>> REPLACE`;
const square = '<rect x="10" y="5" width="30" height="30" fill="#c00"/>';

/** A hostile reply, and what its candidate is: its parse status, or the kind of failure of its render. */
type Hostile = [reply: string, expected: RegExp];

/** Of each language: hostile replies, and a good one. All replies of a language are one group of candidates. */
const groups: Record<string, { hostile: Hostile[]; good: string }> = {
  svg: {
    hostile: [
      [fenced('svg', repeated('<a>', 0.9 * mebi, '<svg>')), /^(?:syntax|too-large|runtime|memory|timeout|empty)$/],
      [fenced('svg', repeated('<g data-patch="1,1,1,1" data-detail="1">\n', 0.9 * mebi, '<svg>')), /./],
      [fenced('svg', repeated('<', 0.9 * mebi, '<svg ')), /./],
      [fenced('svg', `<svg>${'<g>'.repeat(100_000)}${'</g>'.repeat(100_000)}</svg>`), /./],
      [fenced('svg', '<svg width="64" height="48"><text>\ud800</text></svg>'), /./],
      [repeated('```svg\n', 3.9 * mebi), /^no_code$/],
      [repeated('`', 3.9 * mebi), /^no_code$/],
      [fenced('svg', repeated(`${edit('a')}\n`, 2 * mebi)), /^edit_failed$/],
      [fenced('svg', edit(repeated('\n', 3.9 * mebi))), /^edit_failed$/],
    ],
    good: fenced('svg', `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">${square}</svg>`),
  },
  python: {
    hostile: [
      [fenced('python', answers.badRow), /^runtime$/],
      [fenced('python', answers.deepHead), /^(?:runtime|timeout)$/],
      [fenced('python', answers.nestedHead), /^runtime$/],
      [fenced('python', answers.manyRemarks), /^runtime$/],
      [fenced('python', answers.manyElements), /^(?:too-large|timeout)$/],
      [fenced('python', answers.longSvg), /./],
      [fenced('python', answers.manyParts), /^(?:runtime|timeout)$/],
    ],
    good: fenced(
      'python',
      'import matplotlib.pyplot as plt\nfigure = plt.figure(figsize=(0.64, 0.48), dpi=100)\nfigure.add_axes((0, 0, 0.5, 0.5), facecolor="#c00")\nfigure.savefig("figure.png")',
    ),
  },
  latex: {
    hostile: [
      [fenced('latex', `\\usepackage[${'o,'.repeat(50_000)}]{${'p,'.repeat(8000)}}$x$`), /./],
      [fenced('latex', repeated('%\n', 0.9 * mebi)), /./],
    ],
    good: fenced(
      'latex',
      '\\begin{tikzpicture}\\fill[red] (0,0) rectangle (1,1);\\draw (0,0) -- (2,1);\\end{tikzpicture}',
    ),
  },
};

const steps = Object.entries(groups).flatMap(([model, { hostile, good }]) => [
  ...hostile.map(([text], seed) => ({ when: { model, seed }, text })),
  { when: { model }, text: good },
]);

let api: Api;
beforeAll(async () => {
  api = await startApi({ PENTIMENTO_LEASE_MS: '30000' }, { script: { steps } });
});
afterAll(() => api?.stop());

/** Processor time that the event loop's thread of the server has used, milliseconds. */
function eventLoopMs(): number {
  const { pid } = api.stack.server;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** The most processor time that the server's event loop used before it said that it lives, milliseconds, until `isDone`. */
async function longestAnswer(isDone: () => boolean): Promise<number> {
  let longest = 0;
  while (!isDone()) {
    const asked = eventLoopMs();
    expect((await fetch(api.at('/healthz'))).status).toBe(200);
    longest = Math.max(longest, eventLoopMs() - asked);
    await sleep(20);
  }
  return longest;
}

const becameOf = ({ parseStatus, render }: Candidate): string =>
  render === null ? parseStatus : render.status === 'failed' ? render.kind : 'ok';

/**
 * Many pieces of work, each of at most 50 ms (`test/contracts/readers.test.ts`), may be due before a request on a machine that is busy with
 * other work, which also makes each of them longer.
 */
const maxAnswerMs = 1000;

it.each(Object.keys(groups))(
  'a job of hostile replies in %s stores each with its failure once, and the good one wins',
  { timeout: 240_000 },
  async (language) => {
    const { hostile } = groups[language]!;
    const policy = { 'policy.candidates': String(hostile.length + 1), 'policy.maxIterations': '1' };
    const job = await api.submit({ language, model: `scripted/${language}`, ...policy });
    let done = false;
    const longest = longestAnswer(() => done);
    await api.ended(job).finally(() => (done = true));

    const ended = await api.getJob(job);
    const { data } = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/candidates`));
    const candidates = data.toSorted((a, b) => a.index - b.index);
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(candidates.map(({ index }) => index)).toEqual(Array.from({ length: hostile.length + 1 }, (_, at) => at));
    hostile.forEach(([, expected], index) => expect(becameOf(candidates[index]!), `reply ${index}`).toMatch(expected));
    const good = candidates.at(-1)!;
    expect(becameOf(good)).toBe('ok');
    const { data: iterations } = iterationPageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/iterations`));
    expect(iterations.map(({ accepted }) => accepted)).toEqual([[good.id]]);
    expect(api.stack.server.log.filter((line) => /broke off|queued again/.test(line))).toEqual([]);
    expect(await longest).toBeLessThan(maxAnswerMs);
  },
);
