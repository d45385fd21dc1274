import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { CdpConnection, CdpError, type CdpEvent } from './cdp.ts';

function connect(): { cdp: CdpConnection; said: () => string; hear: (text: string) => void; input: PassThrough } {
  const output = new PassThrough();
  const input = new PassThrough();
  const cdp = new CdpConnection(output, input);
  return { cdp, input, said: () => String(output.read() ?? ''), hear: (text) => void input.write(text) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('answers commands by their number, however the answers are cut', async () => {
  const { cdp, said, hear } = connect();
  const answers = Promise.all([cdp.send('A.a'), cdp.send('B.b', { x: 1 }, 'session')]);
  expect(said()).toBe(
    '{"id":1,"method":"A.a","params":{}}\0{"id":2,"method":"B.b","params":{"x":1},"sessionId":"session"}\0',
  );
  hear('{"id":2,"res');
  hear('ult":"second"}\0{"id":1,"result":"first"}');
  hear('\0');
  expect(await answers).toEqual(['first', 'second']);
});

it('rejects what the browser refuses, and everything once the pipe is closed', async () => {
  const { cdp, hear, input } = connect();
  const refused = cdp.send('A.a');
  hear('{"id":1,"error":{"message":"No such thing"}}\0');
  await expect(refused).rejects.toThrow('No such thing');
  const lost = cdp.send('B.b');
  input.destroy();
  await expect(lost).rejects.toThrow(CdpError);
  await expect(cdp.send('C.c')).rejects.toThrow(CdpError);
});

it('stops listening to a page that says too much in events', async () => {
  const { cdp, hear } = connect();
  const events: CdpEvent[] = [];
  let floods = 0;
  cdp.onEvent = (event) => events.push(event);
  cdp.onGivenUp = () => floods++;
  const event = `${JSON.stringify({ method: 'Runtime.consoleAPICalled', params: { text: 'x'.repeat(5_000_000) } })}\0`;
  for (let i = 0; i < 6; i++) {
    hear(event);
    await turn();
  }
  expect(events.length).toBe(3);
  expect(floods).toBe(1);
  await expect(cdp.send('A.a')).rejects.toThrow('more than a render is worth');
});

it.each(['null', '7', '{', '{"id":1,"error":7}', '{"method":"A.a"}'])(
  'gives a browser up that says %s',
  async (text) => {
    const { cdp, hear } = connect();
    let givenUp = 0;
    cdp.onGivenUp = () => givenUp++;
    cdp.onEvent = ({ params }) => void params['x'];
    const asked = cdp.send('A.a');
    asked.catch(() => {});
    hear(`${text}\0`);
    await turn();
    expect(givenUp).toBe(text.includes('error') ? 0 : 1);
    await expect(asked).rejects.toThrow(CdpError);
  },
);
