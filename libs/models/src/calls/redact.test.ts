import { describe, expect, it } from 'vitest';
import { quoteFrom, redact } from './redact.ts';

const hidden = { secrets: ['hunter2-secret'], texts: ['Draw a red circle on a white ground, and mind the border.'] };

describe('quoteFrom', () => {
  it('keeps a short message', () => {
    expect(quoteFrom('The model `x` does not exist.', hidden)).toBe('The model `x` does not exist.');
  });

  it('takes out the configured keys and what looks like one', () => {
    const quote = quoteFrom('hunter2-secret, sk-proj-abc123456, Bearer abc.def, AIzaSyA1234567', hidden);
    expect(quote).not.toMatch(/hunter2|abc|AIzaSy/);
    expect(quote).toContain('[key]');
  });

  it('takes out encoded data and line breaks, and ends after 200 characters', () => {
    const image = Buffer.alloc(300, 7).toString('base64');
    expect(quoteFrom(`bad\nimage ${image}`, hidden)).toBe('bad image […]');
    expect(quoteFrom('no such thing. '.repeat(50), hidden).length).toBe(201);
  });

  it('shows no half of a key that stands where it stops to read', () => {
    const quote = quoteFrom(`${' '.repeat(65_530)}hunter2-secret`, hidden);
    expect(quote).toBe('');
  });

  it('says nothing where the message repeats the prompt', () => {
    expect(quoteFrom('Invalid input: "Draw a red\n circle on a white ground"', hidden)).toBe('');
  });
});

describe('redact', () => {
  it('leaves other words alone', () => {
    expect(redact('the task-block was skipped', ['hunter2'])).toBe('the task-block was skipped');
  });
});
