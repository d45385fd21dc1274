import type { ForkExit } from '@pentimento/runtimes';
import { describe, expect, it } from 'vitest';
import { readForkResult } from './fork-output.ts';

const done: ForkExit = { end: 'done', signal: null, exit: 0, log: '' };
const read = (head: unknown, exit: Partial<ForkExit> = {}, content = ''): ReturnType<typeof readForkResult> =>
  readForkResult({ exit: { ...done, ...exit }, head, content: Buffer.from(content) });

describe('a process that gives no answer', () => {
  it.each<[string, Partial<ForkExit>, string]>([
    ['because of its processor time', { signal: 24, exit: null }, 'timeout'],
    ['because the kernel had no memory', { signal: 9, exit: null }, 'memory'],
    ['because a library could not allocate memory', { signal: 6, exit: null, log: 'what(): std::bad_alloc' }, 'memory'],
    ['because of a memory fault', { signal: 11, exit: null }, 'runtime'],
    ['by its own exit', { exit: 3 }, 'runtime'],
  ])('ended %s', (_, exit, kind) => {
    expect(read(null, exit)).toMatchObject({ form: 'failure', outcome: { status: 'failed', kind } });
  });
});

it.each([24, 9])('tells what a process had printed that ended by signal %i', (signal) => {
  const answer = read(null, { signal, exit: null, log: 'row 7\n' });
  expect(answer).toMatchObject({ outcome: { message: expect.stringMatching(/\nrow 7$/) as unknown } });
});

describe('a forged answer', () => {
  it.each<[string, unknown]>([
    ['no object', 'ok'],
    ['no form', { status: 'ok' }],
    ['an unknown form', { status: 'ok', form: 'exe' }],
    ['a list', []],
  ])('is a failure if it is %s', (_, head) => {
    expect(read(head)).toMatchObject({ form: 'failure', outcome: { kind: 'runtime' } });
  });

  it('cannot claim that the renderer is unavailable, nor an unknown kind', () => {
    for (const kind of ['unavailable', 'outage', null, ['memory']]) {
      const answer = read({ status: 'failed', kind, message: 'x' });
      expect(answer).toMatchObject({ outcome: { kind: 'runtime', message: 'x' } });
    }
  });

  it('has its message ignored if that is not text', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
    for (const message of [deep, { toString: 1, valueOf: 1 }, null]) {
      const answer = read({ status: 'failed', kind: 'runtime', message });
      expect(answer).toMatchObject({
        outcome: { kind: 'runtime', message: expect.stringContaining('gave no reason') as unknown },
      });
    }
  });

  it('has invalid lengths, scales and similarities ignored', () => {
    const molecule = { canonical: 'C', similarity: 7 };
    expect(read({ form: 'png', width: -1, height: '9e9', molecule })).toMatchObject({
      width: 0,
      height: 0,
      molecule: { canonical: 'C', similarity: null },
    });
    expect(read({ form: 'plotly', width: 5, height: 5, scale: 'big' }, {}, '{}')).toMatchObject({
      scale: 1,
      figure: '{}',
    });
  });
});

it('keeps each line of a log once', () => {
  const answer = read({ form: 'png', width: 1, height: 1, remarks: ['Not written: x', 5] }, { log: 'a\nb\na\nb\n' });
  expect(answer).toMatchObject({ log: 'Not written: x\na\nb' });
});
