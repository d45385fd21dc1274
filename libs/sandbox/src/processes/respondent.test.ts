import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { FrameReader, writeFrame } from './frames.ts';
import type { Running } from '../isolation/program.ts';
import { Respondent, RespondentDied } from './respondent.ts';

const options = { name: 'The echo', startMs: 60_000, maxFrameBytes: 100 };
const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A process that the test speaks for. */
function scripted() {
  const end = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const process: Running & { killed: boolean } = {
    stdin,
    stdout,
    pipes: [],
    killed: false,
    stderrTail: () => 'warning\nout of memory',
    kill() {
      this.killed = true;
      end.resolve({ code: null, signal: 'SIGKILL' });
    },
    ended: end.promise,
  };
  process.kill = process.kill.bind(process);
  const say = (text: string): void => void stdout.write(writeFrame(bytes(text)));
  return { process, say, stdin };
}

async function started() {
  const it = scripted();
  it.say('{"version":"1"}');
  const [respondent, greeting] = await Respondent.start(it.process, options);
  return { ...it, respondent, greeting };
}

it('greets, and answers each question', async () => {
  const { respondent, greeting, say, stdin } = await started();
  expect(greeting).toEqual({ version: '1' });
  const reader = new FrameReader(100);
  stdin.on('data', (chunk: Buffer) => {
    for (const frame of reader.push(chunk)) say(`heard ${Buffer.from(frame).toString()}`);
  });
  for (const at of [1, 2]) expect(Buffer.from(await respondent.ask({ at })).toString()).toBe(`heard {"at":${at}}`);
});

it('says why it did not start', async () => {
  const { process, say } = scripted();
  say('no JSON');
  await expect(Respondent.start(process, options)).rejects.toThrow('The echo did not start: out of memory');
  expect(process.killed).toBe(true);
});

it('is killed when it speaks unasked, so that no answer is taken for that to a later question', async () => {
  const { process, respondent, say } = await started();
  const answer = respondent.ask({});
  say('one');
  say('another');
  expect(Buffer.from(await answer).toString()).toBe('one');
  await process.ended;
  expect(process.killed).toBe(true);
});

it('is killed when it claims to send too much, or dies in the middle', async () => {
  const [flooding, dying] = [await started(), await started()];
  const answers = [flooding.respondent.ask({}), dying.respondent.ask({})];
  flooding.say('x'.repeat(101));
  dying.process.kill();
  await expect(answers[0]).rejects.toThrow(RangeError);
  await expect(answers[1]).rejects.toThrow(RespondentDied);
  expect(flooding.process.killed).toBe(true);
});
