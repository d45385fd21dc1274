import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Client } from '@pentimento/client';
import { type EnvironmentTurn } from '@pentimento/api-contracts';
import { fence, writeEdit } from '@pentimento/contracts';
import sharp from 'sharp';

/** Steps of each session. */
export const crowdTurns = 3;

const size = { width: 96, height: 64 };
const colors = ['#c00', '#06c', '#093', '#c60'];
const svg = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">\n${body}\n</svg>`;

/** A circle and a bar that every variant has at other places, both of them wrong by the error. */
function shapes(variant: number, error: number): string {
  const [color, x, y] = [colors[variant % 4], 10 + (variant % 10) * 4, 12 + (variant % 7) * 3];
  const circle = `<circle cx="${x + error}" cy="${y}" r="9" fill="${color}"/>`;
  return `${circle}\n<rect x="${x}" y="${y + 12}" width="${30 - error}" height="14" fill="${color}"/>`;
}

export const crowdTarget = (variant: number): Promise<Buffer> =>
  sharp(Buffer.from(svg(shapes(variant, 0))))
    .flatten({ background: '#fff' })
    .png()
    .toBuffer();

/** A draft, a reply without code or gain, and an edit. The mark makes the code of each session its own, without a pixel. */
function replyOf(variant: number, turn: number, mark: string): string {
  const marked = (error: number) => `<!--${mark}-->\n${shapes(variant, error)}`;
  if (turn === 0) return fence(svg(marked(6)), 'svg');
  if (turn === 1) return variant % 3 === 0 ? 'I see no difference.' : fence(svg(marked(8)), 'svg');
  return fence(writeEdit({ search: marked(6), replace: marked(1) }), 'svg');
}

export interface PlayedSession {
  rewards: (number | null)[];
  verdicts: (string | null)[];
  /** Milliseconds of each request, the reset first. */
  times: number[];
  /** Answers of 429 and broken connections, after which the request was sent again. */
  refused: number;
  broken: number;
  /** Prompts that lack the session's own mark, or hold that of another session. */
  foreignPrompts: number;
}

/** Plays a session of three steps, each request of it at the next server. */
export async function playSession(
  clients: readonly Client[],
  session: string,
  { variant, blob }: { variant: number; blob: string },
): Promise<PlayedSession> {
  const mark = `mark of ${session}.`;
  const played: PlayedSession = { rewards: [], verdicts: [], times: [], refused: 0, broken: 0, foreignPrompts: 0 };
  const ask = async (request: (client: Client) => Promise<EnvironmentTurn>): Promise<EnvironmentTurn> => {
    for (;;) {
      const began = performance.now();
      try {
        const answer = await request(clients[(variant + played.times.length) % clients.length]!);
        played.times.push(performance.now() - began);
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError && error.isTransient)) throw error;
        if (error.status === 429) played.refused++;
        else played.broken++;
        await sleep(error.retryAfterMs ?? 1000);
      }
    }
  };
  const policy = { maxIterations: crowdTurns, threshold: 1, rewriteBelow: 0 };
  let turn = await ask((client) => client.resetEnvironment(session, { target: { blob }, language: 'svg', policy }));
  while (!turn.done) {
    const step = { turn: turn.turn, reply: replyOf(variant, turn.turn, mark) };
    turn = await ask((client) => client.stepEnvironment(session, step));
    played.rewards.push(turn.reward);
    played.verdicts.push(turn.verdict);
    const marks = [...JSON.stringify(turn.messages).matchAll(/mark of [\w-]+\./g)].map(([found]) => found);
    if (!turn.done && (marks.length === 0 || marks.some((found) => found !== mark))) played.foreignPrompts++;
  }
  return played;
}

/** What a session came to, whoever else played at the time. */
export const outcomeOf = ({ rewards, verdicts }: PlayedSession) => ({ rewards, verdicts });
