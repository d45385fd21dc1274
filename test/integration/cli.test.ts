import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fence, writeEdit } from '@pentimento/contracts';
import { languages } from '@pentimento/render/languages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli, type Ended } from '../support/cli.ts';
import { buildApi, startStack, type Stack } from '../support/stack.ts';

const repository = resolve(import.meta.dirname, '../..');
const example = (file: string): string => join(repository, 'examples', file);

let folder: string;
beforeAll(async () => {
  await buildApi();
  folder = await mkdtemp(join(tmpdir(), 'pentimento-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('with its own server', () => {
  it('refines an image to its best code and leaves nothing running', async () => {
    const home = join(folder, 'own');
    const out = join(folder, 'out');
    const options = ['--language', 'svg', '--max-iterations', '3', '--threshold', '0.999', '--out', out, '--json'];
    const { code, stdout, stderr } = await startCli(['refine', example('isometric.png'), ...options], {
      PENTIMENTO_HOME: home,
    }).ended;

    expect(stderr).toMatch(/iteration {2}0 {2}draft +score 0\.\d{4} .* model .* render .* reward .* worst patch/);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ outcome: 'best_effort', stopReason: 'max_iterations' });
    expect(code).toBe(3);
    expect(summary.iterations).toHaveLength(3);
    const bests = summary.iterations.map(({ best }: { best: number }) => best);
    expect(bests).toEqual(bests.toSorted((a: number, b: number) => a - b));
    expect(summary.best).toEqual({ score: bests.at(-1), code: join(out, 'best.svg') });
    expect(await readFile(summary.best.code, 'utf8')).toContain('<svg');
    expect(JSON.parse(await readFile(join(out, 'trajectory.json'), 'utf8')).iterations).toHaveLength(3);
    expect(existsSync(join(home, 'server.json'))).toBe(false);
    expect(existsSync(join(home, 'postgres/data/postmaster.pid'))).toBe(false);
  });

  it('stops the server of a command that is killed', async () => {
    const home = join(folder, 'killed');
    const command = startCli(['refine', example('isometric.png'), '-l', 'svg', '--keep-serving'], {
      PENTIMENTO_HOME: home,
    });
    await command.says('watch it at');
    const { pid } = JSON.parse(await readFile(join(home, 'server.json'), 'utf8'));
    process.kill(command.pid, 'SIGKILL');
    await command.ended;
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 20_000 }).toBe(false);
  });

  it('says in plain words why the server does not start', async () => {
    const { code, stdout, stderr } = await startCli(['refine', example('badge.png'), '-l', 'svg'], {
      PENTIMENTO_HOME: join(folder, 'broken'),
      PENTIMENTO_PORT: 'seven',
    }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('PENTIMENTO_PORT');
    expect(stderr).not.toContain('    at ');
  });
});

describe('with a running server', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  const run = (...args: string[]): Promise<Ended> => startCli(args, { PENTIMENTO_HOME: stack.home }).ended;

  it('finds the server by its home and shows one job with every command', async () => {
    const refined = await run('refine', example('badge.png'), '-l', 'svg', '--max-iterations', '2', '--json');
    const { jobId, best } = JSON.parse(refined.stdout);
    expect(best.code).toBe(join(stack.home, 'results', jobId, 'best.svg'));

    const listed = JSON.parse((await run('list', '--search', jobId, '--json')).stdout);
    expect(listed.data.map(({ id }: { id: string }) => id)).toEqual([jobId]);
    expect(JSON.parse((await run('get', jobId, '--json')).stdout).scores).toHaveLength(2);
    const events = (await run('watch', jobId, '--json')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.at(-1).type).toBe('job.finished');
    expect((await run('cancel', jobId)).code).toBe(0);
    const retried = await run('retry', jobId);
    expect(retried.code).toBe(1);
    expect(retried.stderr).toMatch(/\.\n$/);
  });

  it('judges the best candidate of a job, and finds the job by its tag', async () => {
    const refined = await run('refine', example('badge.png'), '-l', 'svg', '--max-iterations', '1', '--json');
    const { jobId } = JSON.parse(refined.stdout);
    const { candidate } = JSON.parse((await run('get', jobId, '--json')).stdout).best;
    expect((await run('judge', candidate, 'reject')).code).toBe(0);
    const judged = JSON.parse((await run('judge', candidate, 'accept', '--note', 'Good.', '--json')).stdout);
    expect(judged).toMatchObject({ jobId, candidate, verdict: 'accept', note: 'Good.' });
    const table = (await run('judgments', jobId)).stdout.trimEnd().split('\n');
    expect(table.slice(1)).toEqual([expect.stringMatching(`^${judged.id} +${candidate} +accept +- +Good\\.$`)]);
    expect((await run('withdraw', judged.id)).stdout).toBe(`${judged.id}\n`);
    expect((await run('judgments', jobId)).stdout).toBe('');
    expect((await run('prefer', candidate, candidate)).stderr).toMatch(/OTHER: This is not another candidate/);

    expect((await run('tag', jobId, 'icon', 'reviewed')).stdout).toBe('icon\nreviewed\n');
    expect((await run('tag', jobId, '--remove', 'reviewed')).stdout).toBe('icon\n');
    const { data } = JSON.parse((await run('list', '--tag', 'icon', '--json')).stdout);
    expect(data.map(({ id }: { id: string }) => id)).toEqual([jobId]);
  });

  it('uses provided code as the first iteration', async () => {
    const code = join(folder, 'own.svg');
    await writeFile(code, '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"/>');
    const options = ['-l', 'svg', '--code', code, '--max-iterations', '1', '--json'];
    const { stdout } = await run('refine', example('isometric.png'), ...options);
    expect(JSON.parse(stdout).iterations).toMatchObject([{ iteration: 0, kind: 'provided' }]);
  });

  it.each([
    ['a text file', 'note.png', 'This is no image.', ['-l', 'svg']],
    ['an unknown model', undefined, '', ['-l', 'svg', '-m', 'nobody/nothing']],
    ['a missing key', undefined, '', ['-l', 'svg', '-m', 'openai/gpt-x']],
  ])('refuses %s in a sentence and leaves no job behind', async (_what, name, text, options) => {
    const image = name === undefined ? example('tiny-icon.png') : join(folder, name);
    if (name !== undefined) await writeFile(image, text);
    const before = (await run('list', '--json', '--limit', '100')).stdout;
    const { code, stdout, stderr } = await run('refine', image, ...options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^[A-Z].*\.\n/);
    expect(stderr).not.toContain('    at ');
    expect((await run('list', '--json', '--limit', '100')).stdout).toBe(before);
  });

  it('cancels its job at Ctrl-C and still saves the best', async () => {
    const options = ['-l', 'svg', '--threshold', '1', '--max-iterations', '200', '--json'];
    const command = startCli(['refine', example('long-report.png'), ...options], { PENTIMENTO_HOME: stack.home });
    await command.says('iteration  0');
    command.interrupt();
    const { code, stdout } = await command.ended;
    expect(code).toBe(3);
    const { stopReason, best } = JSON.parse(stdout);
    expect(stopReason).toBe('user');
    expect(existsSync(best.code)).toBe(true);
  });
});

describe('with no server', () => {
  const alone = (...args: string[]) => startCli(args, { PENTIMENTO_HOME: join(folder, 'none') }).ended;

  it('renders code, and scores it above a worse one', async () => {
    const png = join(folder, 'isometric.png');
    const rendered = await alone('render', example('isometric.svg'), '--out', png);
    expect(rendered).toMatchObject({ code: 0, stdout: `${png}\n` });
    const score = async (...of: string[]): Promise<number> => {
      const { stdout } = await alone('score', '--target', example('isometric.png'), ...of, '--json');
      return JSON.parse(stdout).score;
    };
    const same = await score('--render', png);
    expect(await score('--code', example('isometric.svg'))).toBe(same);
    expect(same).toBeGreaterThan(await score('--code', example('badge.svg')));
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('reports code that does not render, with the terms of the published rule and without a score', async () => {
    const broken = join(folder, 'broken.svg');
    await writeFile(broken, 'not a drawing');
    const { code, stdout, stderr } = await alone(
      'score',
      '--target',
      example('tiny-icon.png'),
      '--code',
      broken,
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'not_rendered',
      score: null,
      components: { overall: 0.1, execution: 0 },
    });
    expect(stderr).toContain('renders nothing');
    const rendered = await alone('render', broken, '--out', join(folder, 'none.png'), '--json');
    expect(rendered.code).toBe(1);
    expect(JSON.parse(rendered.stdout)).toMatchObject({ status: 'failed', kind: 'syntax' });
    expect(existsSync(join(folder, 'none.png'))).toBe(false);
  });

  it('parses code and alignment from a reply', async () => {
    const [reply, silent] = [join(folder, 'reply.md'), join(folder, 'silent.md')];
    await writeFile(reply, `So:\n\`\`\`svg\n${await readFile(example('badge.svg'), 'utf8')}\n\`\`\`\n`);
    await writeFile(silent, 'I cannot draw that.');
    const target = ['--target', example('badge.png'), '-l', 'svg'];
    const scored = await alone('score', ...target, '--response', reply);
    expect(scored.stdout).toMatch(/^overall +(0\.99|1\.0)/);
    for (const term of ['low quantile', 'color', 'shift tolerant', 'text']) expect(scored.stdout).toContain(term);
    const { stdout, stderr } = await alone('score', ...target, '--response', silent, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ status: 'no_code', components: { overall: 0, alignment: 0 } });
    expect(stderr).toContain('no closed fenced block');
  });

  it('applies the edits of a reply to the code that they are of', async () => {
    const reply = join(folder, 'edits.md');
    const code = await readFile(example('badge.svg'), 'utf8');
    const edit = { search: '</svg>', replace: '<!-- The end. --></svg>' };
    const target = ['--target', example('badge.png'), '-l', 'svg'];
    const base = ['--base', example('badge.svg')];
    await writeFile(reply, fence(writeEdit(edit), 'svg'));
    const edited = await alone('score', ...target, '--response', reply, ...base, '--json');
    const whole = await alone('score', ...target, '--code', example('badge.svg'), '--json');
    expect(JSON.parse(edited.stdout).score).toBe(JSON.parse(whole.stdout).score);
    await writeFile(reply, fence(writeEdit({ search: `${code}!`, replace: '' }), 'svg'));
    const failed = await alone('score', ...target, '--response', reply, ...base);
    expect(failed.stdout).toMatch(/^overall +0\.1000/);
    expect(failed.stderr).toContain('Edit 1: the search text does not stand in the code');
    const refused = await alone('score', ...target, '--code', example('badge.svg'), ...base);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Give --base with --response only')]);
  });

  it('scores a batch line by line like the service, invalid lines included', async () => {
    const batch = join(folder, 'batch.jsonl');
    const reference = { data: (await readFile(example('badge.png'))).toString('base64') };
    const code = await readFile(example('badge.svg'), 'utf8');
    const items = [
      { id: 'first', language: 'svg', reference, code },
      { id: 'job', language: 'svg', jobId: `job_${'0'.repeat(36)}`, code },
    ];
    await writeFile(batch, [JSON.stringify(items[0]), 'no JSON', '', JSON.stringify(items[1])].join('\n'));
    const { code: exit, stdout, stderr } = await alone('score', '--batch', batch);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ id, status }) => [id, status])).toEqual([
      ['first', 'ok'],
      ['1', 'invalid'],
      ['job', 'invalid'],
    ]);
    expect(lines[1].error.message).toContain('not JSON');
    expect(exit).toBe(0);
    expect(stderr).toContain('3 items: 1 ok, 2 invalid');
  });

  it('serves only rewards until Ctrl-C, without a server file', async () => {
    const home = join(folder, 'rewards');
    const command = startCli(['serve', '--only', 'rewards'], { PENTIMENTO_HOME: home });
    await command.says('serving rewards at http://');
    command.interrupt();
    expect((await command.ended).code).toBe(0);
    expect(existsSync(join(home, 'server.json'))).toBe(false);
    expect((await alone('serve', '--only', 'jobs')).code).toBe(2);
  });

  it('diagnoses the machine', async () => {
    const { stdout } = await alone('doctor', '--json');
    const states = JSON.parse(stdout).diagnostics.map(({ name, state }: { name: string; state: string }) => [
      name,
      state,
    ]);
    const wanted = { node: 'ok', encoder: 'ok', database: 'ok', port: 'ok', caches: 'ok', 'reward service': 'off' };
    expect(Object.fromEntries(states)).toMatchObject(wanted);
    for (const { id } of languages) expect(stdout).toContain(`renders ${id}`);
  });
});
