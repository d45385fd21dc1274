import { describe, expect, it } from 'vitest';
import { multipartRequest } from './multipart.ts';

const file = (text: string) => [{ originalname: 'a', buffer: Buffer.from(text) }];

describe('multipartRequest', () => {
  it('reads the JSON part, as text or as a file', () => {
    const request = '{"language":"svg","policy":{"threshold":0.9}}';
    expect(multipartRequest({ request }, {})).toEqual({ language: 'svg', policy: { threshold: 0.9 } });
    expect(multipartRequest({}, { request: file(request) })).toEqual({ language: 'svg', policy: { threshold: 0.9 } });
  });

  it('overrides the JSON part with single fields', () => {
    const request = '{"language":"svg","policy":{"threshold":0.9,"patches":2}}';
    const fields = { request, language: 'html', 'policy.threshold': '0.5', 'budget.maxSeconds': '60' };
    expect(multipartRequest(fields, {})).toEqual({
      language: 'html',
      policy: { threshold: 0.5, patches: 2 },
      budget: { maxSeconds: 60 },
    });
  });

  it('reads a policy written with brackets or as JSON', () => {
    expect(multipartRequest({ policy: { threshold: '0.5' } }, {})).toEqual({ policy: { threshold: 0.5 } });
    expect(multipartRequest({ policy: '{"threshold":0.5}' }, {})).toEqual({ policy: { threshold: 0.5 } });
  });

  it('reads minimums by term, in each of these forms', () => {
    const policy = { threshold: 0.97, minimums: { worstTile: 0.9, color: 0.8 } };
    const dots = { 'policy.threshold': '0.97', 'policy.minimums.worstTile': '0.9', 'policy.minimums.color': '0.8' };
    expect(multipartRequest(dots, {})).toEqual({ policy });
    const brackets = { policy: { threshold: '0.97', minimums: { worstTile: '0.9', color: '0.8' } } };
    expect(multipartRequest(brackets, {})).toEqual({ policy });
  });

  it('reads the device scale as a number', () => {
    expect(multipartRequest({ deviceScale: '1.5' }, {})).toEqual({ deviceScale: 1.5 });
    expect(multipartRequest({ deviceScale: 'double' }, {})).toEqual({ deviceScale: 'double' });
  });

  it('leaves text that is not a number for the schema to refuse', () => {
    expect(multipartRequest({ 'policy.threshold': 'high' }, {})).toEqual({ policy: { threshold: 'high' } });
    expect(multipartRequest({ 'policy.threshold': '' }, {})).toEqual({ policy: { threshold: '' } });
  });

  it('takes the initial code from a file', () => {
    expect(multipartRequest({ language: 'svg' }, { code: file('<svg/>') })).toEqual({
      language: 'svg',
      code: '<svg/>',
    });
  });

  it('refuses a request part that is not a JSON object', () => {
    expect(() => multipartRequest({ request: '{' }, {})).toThrow(/"request" must be a JSON object/);
    expect(() => multipartRequest({ request: '[]' }, {})).toThrow(/"request" must be a JSON object/);
  });
});
