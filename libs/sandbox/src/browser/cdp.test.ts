import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CdpConnection, CdpError, type CdpEvent } from './cdp.ts';

function connect(): { cdp: CdpConnection; sent: () => string; receive: (text: string) => void; input: PassThrough } {
  const output = new PassThrough();
  const input = new PassThrough();
  const cdp = new CdpConnection(output, input, () => Promise.resolve(new CdpError('It ended.')));
  return { cdp, input, sent: () => String(output.read() ?? ''), receive: (text) => void input.write(text) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('matches results to commands by their id, wherever the chunks are cut', async () => {
  const { cdp, sent, receive } = connect();
  const results = Promise.all([cdp.send('Page.enable'), cdp.send('Page.navigate', { url: 'x' }, 'session')]);
  expect(sent()).toBe(
    '{"id":1,"method":"Page.enable","params":{}}\0{"id":2,"method":"Page.navigate","params":{"url":"x"},"sessionId":"session"}\0',
  );
  receive('{"id":2,"res');
  receive('ult":"second"}\0{"id":1,"result":"first"}');
  receive('\0');
  expect(await results).toEqual(['first', 'second']);
});

it('rejects commands that the browser refuses, and every command once the pipe is closed', async () => {
  const { cdp, receive, input } = connect();
  const refused = cdp.send('Page.enable');
  receive('{"id":1,"error":{"message":"No such thing"}}\0');
  await expect(refused).rejects.toThrow('No such thing');
  const lost = cdp.send('Page.enable');
  input.destroy();
  await expect(lost).rejects.toThrow(CdpError);
  await expect(cdp.send('Page.enable')).rejects.toThrow(CdpError);
});

it('stops reading from a page that sends too much in events', async () => {
  const { cdp, receive } = connect();
  const events: CdpEvent[] = [];
  let timesGivenUp = 0;
  cdp.onEvent = (event) => events.push(event);
  cdp.onGivenUp = () => timesGivenUp++;
  const event = `${JSON.stringify({ method: 'Runtime.consoleAPICalled', params: { text: 'x'.repeat(1_000_000) } })}\0`;
  for (let i = 0; i < 20; i++) {
    receive(event);
    await turn();
  }
  expect(events.length).toBe(16);
  expect(timesGivenUp).toBe(1);
  await expect(cdp.send('Page.enable')).rejects.toThrow('CDP output limit exceeded');
});

it.each(['null', '7', '{', '{"id":1,"error":7}', '{"method":"A.a"}'])(
  'rejects pending commands when the browser sends %s',
  async (text) => {
    const { cdp, receive } = connect();
    let timesGivenUp = 0;
    cdp.onGivenUp = () => timesGivenUp++;
    cdp.onEvent = ({ params }) => void (params as Record<string, unknown>)['x'];
    const pending = cdp.send('Page.enable');
    pending.catch(() => {});
    receive(`${text}\0`);
    await turn();
    expect(timesGivenUp).toBe(text.includes('error') ? 0 : 1);
    await expect(pending).rejects.toThrow(CdpError);
  },
);

describe('messages that are too long to be parsed', () => {
  const long = 'A'.repeat(3_000_000);
  const image = Buffer.from(long, 'base64');

  it('are a screenshot, wherever the chunks are cut, and however short it is', async () => {
    const { cdp, receive } = connect();
    for (const [id, step] of [7, 65_536, 1_000_003].entries()) {
      const captured = cdp.capture({}, 'session');
      const message = `{"id":${id + 1},"result":{"data":"${long}AA=="},"sessionId":"session"}\0`;
      for (let at = 0; at < message.length; at += at < 1000 ? step : 65_536) {
        receive(message.slice(at, at + (at < 1000 ? step : 65_536)));
      }
      expect(Buffer.compare(await captured, Buffer.concat([image, Buffer.alloc(1)]))).toBe(0);
    }
    const short = cdp.capture({}, 'session');
    receive('{"id":4,"result":{"data":"AAAA"}}\0');
    expect(await short).toEqual(Buffer.alloc(3));
  });

  it('are no screenshot without data', async () => {
    const { cdp, receive } = connect();
    const captures = [cdp.capture({}, 'session'), cdp.capture({}, 'session')];
    receive(`{"id":1,"result":{"other":"${long}"}}\0{"id":2,"result":{"data":7}}\0`);
    for (const capture of captures) await expect(capture).rejects.toThrow(CdpError);
  });

  it('are refused as the result of another command, and dropped as an event', async () => {
    const { cdp, receive } = connect();
    const events: CdpEvent[] = [];
    cdp.onEvent = (event) => events.push(event);
    const evaluated = cdp.send('Runtime.evaluate', { expression: '1' });
    receive(`{"method":"Runtime.consoleAPICalled","params":{"x":"${long}"}}\0{"id":1,"result":{"x":"${long}"}}\0`);
    await expect(evaluated).rejects.toThrow('more than a command may');
    const next = cdp.send('Page.enable');
    receive('{"id":2,"result":{}}\0');
    await next;
    expect(events).toEqual([]);
  });
});
