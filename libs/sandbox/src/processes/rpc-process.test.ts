import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { RunningProgram } from '../isolation/program.ts';
import { FrameReader, writeFrame } from './frames.ts';
import { RpcProcess, RpcProcessExited } from './rpc-process.ts';

const options = { name: 'The echo', startMs: 60_000, maxFrameBytes: 100 };
const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A program whose output the test writes. */
function fakeProgram() {
  const end = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const program: RunningProgram & { killed: boolean } = {
    stdin,
    stdout,
    pipes: [],
    killed: false,
    stderrTail: () => 'warning\nout of memory',
    setIdle: () => {},
    exceededMemory: () => false,
    kill() {
      this.killed = true;
      end.resolve({ code: null, signal: 'SIGKILL' });
    },
    ended: end.promise,
  };
  program.kill = program.kill.bind(program);
  const write = (text: string): void => void stdout.write(writeFrame(bytes(text)));
  return { program, write, stdin };
}

async function started() {
  const fake = fakeProgram();
  fake.write('{"version":"1"}');
  const [rpc, greeting] = await RpcProcess.start(fake.program, options);
  return { ...fake, rpc, greeting };
}

it('has a greeting, and answers each question', async () => {
  const { rpc, greeting, write, stdin } = await started();
  expect(greeting).toEqual({ version: '1' });
  const reader = new FrameReader(100);
  stdin.on('data', (chunk: Buffer) => {
    for (const frame of reader.push(chunk)) write(`received ${Buffer.from(frame).toString()}`);
  });
  for (const at of [1, 2]) expect(Buffer.from(await rpc.ask({ at })).toString()).toBe(`received {"at":${at}}`);
});

it('reports why it did not start', async () => {
  const { program, write } = fakeProgram();
  write('no JSON');
  await expect(RpcProcess.start(program, options)).rejects.toThrow('The echo did not start: out of memory');
  expect(program.killed).toBe(true);
});

it('is killed when it does not start in time', async () => {
  const { program } = fakeProgram();
  const start = RpcProcess.start(program, { ...options, startMs: 5 });
  await expect(start).rejects.toThrow('The echo did not start');
  expect(program.killed).toBe(true);
});

it('is killed when it sends a frame unasked, so that no answer is taken for that of a later question', async () => {
  const { program, rpc, write } = await started();
  const answer = rpc.ask({});
  write('one');
  write('another');
  expect(Buffer.from(await answer).toString()).toBe('one');
  await program.ended;
  expect(program.killed).toBe(true);
});

it('rejects questions when it claims to send too much, or dies', async () => {
  const [flooding, dying] = [await started(), await started()];
  const answers = [flooding.rpc.ask({}), dying.rpc.ask({})];
  flooding.write('x'.repeat(101));
  dying.program.kill();
  await expect(answers[0]).rejects.toThrow(RangeError);
  await expect(answers[1]).rejects.toThrow(RpcProcessExited);
  expect(flooding.program.killed).toBe(true);
});
