import { afterEach, describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { followEvents, type FollowOptions } from './follow.ts';
import { done, frame, problem, serveHttp, stream, type Handler, type HttpServer } from './testing/http.ts';
import { iterationFinished, jobFinished, jobId, numbered } from './testing/job.ts';

const [first, second, last] = numbered(iterationFinished(0, 0.8), iterationFinished(1, 0.96), jobFinished).map(frame);

let server: HttpServer;
afterEach(() => server.close());

/** Follows a job whose stream answers the n-th connection with the n-th handler, and the last one from then on. */
async function follow(handlers: Handler[], options: Partial<FollowOptions> = {}) {
  const resumed: unknown[] = [];
  server = await serveHttp({
    [`GET /v1/jobs/${jobId}/events`]: (request, response) => {
      resumed.push(request.headers['last-event-id']);
      return handlers[Math.min(resumed.length, handlers.length) - 1]!(request, response);
    },
  });
  const seen: number[] = [];
  const signal = options.signal ?? new AbortController().signal;
  const work = (async () => {
    for await (const event of followEvents(new Client(server.url), jobId, { retryMs: 1, ...options, signal })) {
      seen.push(event.seq);
    }
  })();
  return { work, seen, resumed };
}

/** Sends the frames and tears the connection. */
const cutAfter =
  (...frames: string[]): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frames.join(''), () => response.destroy());
  };

describe('followEvents', () => {
  it('takes a job from its first event to its end', async () => {
    const { work, seen, resumed } = await follow([stream('retry: 5\n\n: hello\n\n', first!, second!, last!, done)]);
    await work;
    expect(seen).toEqual([1, 2, 3]);
    expect(resumed).toEqual(['0']);
  });

  it('goes on after the last event it saw when the connection is torn in the middle of another', async () => {
    const { work, seen, resumed } = await follow([
      cutAfter(first!, second!.slice(0, 30)),
      stream(first!, second!, last!, done),
    ]);
    await work;
    expect(seen).toEqual([1, 2, 3]);
    expect(resumed).toEqual(['0', '1']);
  });

  it('comes back when a server that shuts down ends the stream before the job', async () => {
    const { work, seen, resumed } = await follow([stream(first!), stream(second!, last!, done)]);
    await work;
    expect(seen).toEqual([1, 2, 3]);
    expect(resumed).toEqual(['0', '1']);
  });

  it('is content where the server has nothing more to tell', async () => {
    const { work, seen } = await follow([cutAfter(first!), (_request, response) => void response.writeHead(204).end()]);
    await work;
    expect(seen).toEqual([1]);
  });

  it('leaves a connection that has fallen silent', async () => {
    const { work, seen } = await follow(
      [(_request, response) => void response.writeHead(200).write(first!), stream(second!, last!, done)],
      { quietMs: 50 },
    );
    await work;
    expect(seen).toEqual([1, 2, 3]);
  });

  it('gives up on a server that stays away, and says how to go on', async () => {
    const cuts: number[] = [];
    const { work } = await follow([cutAfter()], { attempts: 3, onCut: (ms) => cuts.push(ms) });
    await expect(work).rejects.toThrow(`pentimento watch ${jobId}`);
    expect(cuts).toEqual([1, 1, 2]);
  });

  it('does not try again where there is no such job', async () => {
    const { work, resumed } = await follow([problem(404, 'not-found', 'There is no such job: check the id.')]);
    await expect(work).rejects.toThrow('There is no such job');
    expect(resumed).toHaveLength(1);
  });

  it('stops with its signal, in the middle of a stream', async () => {
    const leave = new AbortController();
    const { work, seen } = await follow(
      [
        (_request, response) => {
          response.writeHead(200).write(first!);
          response.on('close', () => leave.abort(new Error('too late')));
          setImmediate(() => leave.abort(new Error('left')));
        },
      ],
      { signal: leave.signal },
    );
    await expect(work).rejects.toThrow('left');
    expect(seen.length).toBeLessThanOrEqual(1);
  });

  it('refuses an event of another version in one sentence', async () => {
    const { work } = await follow([stream('id: 1\ndata: {"type":"job.exploded"}\n\n')]);
    await expect(work).rejects.toThrow('use a server and a command of the same version');
  });
});
