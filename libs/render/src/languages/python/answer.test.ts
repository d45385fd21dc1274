import { describe, expect, it } from 'vitest';
import { readAnswer } from './answer.ts';
import type { Ending } from '@pentimento/runtimes';

const done: Ending = { end: 'done', signal: null, exit: 0, log: '' };
const read = (head: unknown, ending: Partial<Ending> = {}, content = ''): ReturnType<typeof readAnswer> =>
  readAnswer({ ending: { ...done, ...ending }, head, content: Buffer.from(content) });

describe('a process that leaves no answer', () => {
  it.each<[string, Partial<Ending>, string]>([
    ['of too much processor time', { signal: 24, exit: null }, 'timeout'],
    ['by the kernel, for want of memory', { signal: 9, exit: null }, 'memory'],
    ['of a failed allocation in a library', { signal: 6, exit: null, log: 'what(): std::bad_alloc' }, 'memory'],
    ['of a fault', { signal: 11, exit: null }, 'runtime'],
    ['by itself', { exit: 3 }, 'runtime'],
  ])('died %s', (_, ending, kind) => {
    expect(read(null, ending)).toMatchObject({ form: 'failure', outcome: { status: 'failed', kind } });
  });
});

describe('a forged answer', () => {
  it.each<[string, unknown]>([
    ['no object', 'ok'],
    ['no form', { status: 'ok' }],
    ['an unknown form', { status: 'ok', form: 'exe' }],
    ['a list', []],
  ])('is a failure: %s', (_, head) => {
    expect(read(head)).toMatchObject({ form: 'failure', outcome: { kind: 'runtime' } });
  });

  it('cannot say that the renderer is unavailable, nor another kind than there is', () => {
    for (const kind of ['unavailable', 'outage', null, ['memory']]) {
      const answer = read({ status: 'failed', kind, message: 'x' });
      expect(answer).toMatchObject({ outcome: { kind: 'runtime', message: 'x' } });
    }
  });

  it('has a message that is no text left out', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
    for (const message of [deep, { toString: 1, valueOf: 1 }, null]) {
      const answer = read({ status: 'failed', kind: 'runtime', message });
      expect(answer).toMatchObject({
        outcome: { kind: 'runtime', message: expect.stringContaining('did not say why') as unknown },
      });
    }
  });

  it('has lengths, scales and likenesses that are none read as none', () => {
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

it('tells each line of a log once', () => {
  const answer = read({ form: 'png', width: 1, height: 1, remarks: ['Not written: x', 5] }, { log: 'a\nb\na\nb\n' });
  expect(answer).toMatchObject({ log: 'Not written: x\na\nb' });
});
