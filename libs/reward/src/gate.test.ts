import { expect, it } from 'vitest';
import { RewardBusyError } from './errors.ts';
import { Gate, unlessAborted } from './gate.ts';

const never = new AbortController().signal;

it('lets one through at a time, first come first served', async () => {
  const gate = new Gate(10);
  const order: string[] = [];
  const visit = async (name: string) => {
    const leave = await gate.enter(never);
    order.push(`${name} in`);
    await Promise.resolve();
    order.push(`${name} out`);
    leave();
  };
  await Promise.all(['a', 'b', 'c'].map(visit));
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
});

it('takes one that gives up out of the line', async () => {
  const gate = new Gate(10);
  const controller = new AbortController();
  const leave = await gate.enter(never);
  const impatient = gate.enter(controller.signal);
  const patient = gate.enter(never);
  controller.abort(new Error('gone'));
  await expect(impatient).rejects.toThrow('gone');
  leave();
  (await patient)();
  await expect(gate.enter(never)).resolves.toBeTypeOf('function');
});

it('turns away one that is aborted already', async () => {
  await expect(new Gate(1).enter(AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});

it('turns callers away when the line is full', async () => {
  const gate = new Gate(1);
  await gate.enter(never);
  void gate.enter(never);
  await expect(gate.enter(never)).rejects.toThrow(RewardBusyError);
});

it('answers an abort at once, however long the work goes on', async () => {
  const controller = new AbortController();
  const answer = unlessAborted(new Promise(() => {}), controller.signal);
  controller.abort(new Error('stop'));
  await expect(answer).rejects.toThrow('stop');
});
