import { fence, jobSchema } from '@pentimento/contracts';
import OpenAI from 'openai';
import { afterEach, expect, it } from 'vitest';
import type { Api } from '../support/api.ts';
import { all, ask, bestCode, calledJob, startChatApi } from '../support/chat-completions.ts';

let api: Api | undefined;
afterEach(() => api?.stop());

const model = 'scripted/pauses';
const clientOf = ({ at }: Api) => new OpenAI({ baseURL: at('/v1'), apiKey: 'any' });
const jobOf = async (started: Api, id: string) => jobSchema.parse(await started.getJson(`/v1/jobs/${id}`));
const failureOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: unknown) => error as InstanceType<typeof OpenAI.APIError>,
  );

it.each([true, false])('leaves its job to the next server where this one shuts down (stream: %s)', async (stream) => {
  api = await startChatApi();
  const answer = clientOf(api)
    .chat.completions.create({ model, messages: ask(api.image), stream })
    .then((reply) => (stream ? all(reply as AsyncIterable<unknown>) : [reply]));
  const failed = failureOf(answer);
  const id = await calledJob(api, model);
  await api.stack.server.stop();
  const error = await failed;
  expect(error?.message).toContain(`The job ${id} goes on once it is back`);
  expect([error?.code, error?.status]).toEqual(['unavailable', stream ? undefined : 503]);
  await api.stack.restart();
  await api.ended({ id });
  expect(await jobOf(api, id)).toMatchObject({ status: 'succeeded', outcome: 'threshold_met' });
});

it('answers with the work of another worker where the first one dies', async () => {
  api = await startChatApi({ PENTIMENTO_WORKER: 'off', PENTIMENTO_SWEEP_MS: '300' });
  const first = await api.stack.startWorker();
  const answer = clientOf(api).chat.completions.create({ model, messages: ask(api.image) });
  await calledJob(api, model);
  await api.stack.startWorker();
  await first.stop('SIGKILL');
  expect((await answer).choices[0]!.message.content).toBe(fence(bestCode, 'svg'));
});
