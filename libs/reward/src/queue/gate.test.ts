import { expect, it } from 'vitest';
import { RewardBusyError } from '@pentimento/reward';
import { Gate } from './gate.ts';

const never = new AbortController().signal;

function visitor(gate: Gate, order: string[]) {
  return async (name: string, job = '') => {
    const leave = await gate.enter(job, never);
    order.push(`${name} in`);
    await Promise.resolve();
    order.push(`${name} out`);
    leave();
  };
}

it('lets one through at a time, first come first served', async () => {
  const order: string[] = [];
  const visit = visitor(new Gate({ slots: 1, places: 10 }), order);
  await Promise.all(['a', 'b', 'c'].map((name) => visit(name)));
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
});

it('lets as many in as it has slots', async () => {
  const gate = new Gate({ slots: 2, places: 10 });
  const first = await gate.enter('', never);
  await gate.enter('', never);
  let third = false;
  const waiting = gate.enter('', never).then(() => (third = true));
  await Promise.resolve();
  expect(third).toBe(false);
  first();
  await waiting;
  expect(third).toBe(true);
});

it('lets jobs take turns, however many one of them asks for', async () => {
  const order: string[] = [];
  const visit = visitor(new Gate({ slots: 1, places: 10 }), order);
  await Promise.all([...[1, 2, 3, 4].map((n) => visit(`a${n}`, 'a')), visit('b1', 'b'), visit('c1', 'c')]);
  expect(order.filter((step) => step.endsWith('in'))).toEqual(
    ['a1', 'a2', 'b1', 'c1', 'a3', 'a4'].map((name) => `${name} in`),
  );
});

it('takes one that gives up out of the line', async () => {
  const gate = new Gate({ slots: 1, places: 10 });
  const controller = new AbortController();
  const leave = await gate.enter('', never);
  const impatient = gate.enter('', controller.signal);
  const patient = gate.enter('', never);
  controller.abort(new Error('gone'));
  await expect(impatient).rejects.toThrow('gone');
  leave();
  (await patient)();
  await expect(gate.enter('', never)).resolves.toBeTypeOf('function');
});

it('turns away one that is aborted already', async () => {
  const late = AbortSignal.abort(new Error('late'));
  await expect(new Gate({ slots: 1, places: 1 }).enter('', late)).rejects.toThrow('late');
});

it('turns callers away when the line is full, and says when to come again', async () => {
  let clock = 0;
  const gate = new Gate({ slots: 1, places: 3 }, () => clock);
  const leave = await gate.enter('', never);
  for (let place = 0; place < 3; place++) void gate.enter('', never);
  await expect(gate.enter('', never)).rejects.toMatchObject({ name: 'RewardBusyError', retryAfter: 1 });
  clock = 4000;
  leave();
  await Promise.resolve();
  void gate.enter('', never);
  const refused = gate.enter('', never);
  await expect(refused).rejects.toThrow(RewardBusyError);
  await expect(refused).rejects.toMatchObject({ retryAfter: 12 });
});
