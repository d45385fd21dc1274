import { expect, it } from 'vitest';
import { StatusLine } from './status-line.ts';

function shown(stream: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  let now = 0;
  const line = new StatusLine({ ...stream, write: (text) => written.push(text) }, () => now);
  return { line, written, wait: (ms: number) => (now += ms) };
}

it('replaces itself on a screen, within its width', () => {
  const { line, written } = shown({ isTTY: true, columns: 8 });
  line.show('10 tokens');
  line.show('20');
  line.show(null);
  line.hide();
  expect(written).toEqual(['10 toke', '\r\u001b[K', '20', '\r\u001b[K']);
});

it('is a line now and then where there is no screen', () => {
  const { line, written, wait } = shown({});
  for (const text of ['10', '20', '30']) {
    line.show(text);
    line.show(null);
    wait(6000);
  }
  expect(written).toEqual(['10\n', '30\n']);
});
