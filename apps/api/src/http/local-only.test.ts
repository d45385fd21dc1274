import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { refusalFor } from './local-only.ts';

const allowed = { hosts: ['box.example'], origins: ['http://localhost:3000'] };
const refused = (method: string, headers: Record<string, string>) =>
  refusalFor({ method, headers } as unknown as Request, allowed) !== undefined;

describe('refusalFor', () => {
  it.each(['127.0.0.1:7400', 'localhost:7400', '[::1]:7400', '192.168.1.5:7400', 'box.example', 'a.localhost:1'])(
    'answers to %s',
    (host) => expect(refused('GET', { host })).toBe(false),
  );

  it.each([
    'evil.example',
    'localhost.evil.example:7400',
    '',
    'user@localhost:7400',
    'localhost:7400/path',
    'localhost:7400, evil.example',
    'localhost:74000000',
    '0x7f.1:7400',
    'loc%61lhost',
    '[::1',
  ])('does not answer to the name "%s"', (host) => expect(refused('GET', { host })).toBe(true));

  const host = 'localhost:7400';
  it('allows changes by programs without an origin, its own pages and allowed origins', () => {
    expect(refused('POST', { host })).toBe(false);
    expect(refused('POST', { host, origin: 'http://localhost:7400' })).toBe(false);
    expect(refused('POST', { host, origin: 'http://localhost:3000' })).toBe(false);
  });

  it.each([
    'https://evil.example',
    'http://localhost:8080',
    'null',
    'http://user@localhost:7400',
    'http://localhost:7400/page',
    'ftp://localhost:7400',
  ])('refuses changes by pages of %s', (origin) => {
    expect(refused('POST', { host, origin })).toBe(true);
    expect(refused('DELETE', { host, origin })).toBe(true);
    expect(refused('GET', { host, origin })).toBe(false);
  });

  it('refuses a cross-site form that hides its origin', () => {
    expect(refused('POST', { host, 'sec-fetch-site': 'cross-site' })).toBe(true);
  });
});
