import { describe, expect, it } from 'vitest';
import { RefinementAborted } from '../ports.ts';
import { refine } from './refine.ts';
import { refineInput, scriptedJob, scriptedPorts } from '../testing/scripted-ports.ts';

const reply = 'Here it is.\n\n```svg\ndraw 0.8\n```';

describe('partial replies', () => {
  it('are shown while they are written, until they are recorded', async () => {
    const scripted = scriptedPorts(({ call }) => (call === 0 ? reply : undefined));
    const recorded: number[] = [];
    const { end } = scripted.ports.partialReplies!;
    scripted.ports.partialReplies!.end = (at) => (recorded.push(scripted.calls.length), end(at));
    await refine(refineInput(scripted, await scriptedJob(scripted)));
    expect(scripted.shown).toEqual([
      `0/0 ${reply.slice(0, reply.length / 2)}`,
      `0/0 ${reply}`,
      '0/0 ended',
      '1/0 ended',
    ]);
    expect(recorded).toEqual([1, 1]);
    expect(JSON.stringify(scripted.events)).not.toContain('draw');
  });

  it('are shown no longer once the call is canceled', async () => {
    const scripted = scriptedPorts(() => reply);
    const cancel = new AbortController();
    scripted.ports.model.generate = (_, { signal, onProgress }) => {
      onProgress?.({ attempt: 1, text: 'half', reasoning: '', outputTokens: 1, tokensEstimated: true, ms: 0 });
      cancel.abort(new RefinementAborted('user'));
      return Promise.reject(signal.reason as Error);
    };
    const job = await scriptedJob(scripted);
    expect(await refine(refineInput(scripted, job, { signal: cancel.signal }))).toMatchObject({ stopReason: 'user' });
    expect(scripted.shown).toEqual(['0/0 half', '0/0 ended']);
    expect(scripted.calls).toEqual([]);
  });
});
