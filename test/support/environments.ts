import {
  environmentStateSchema,
  environmentTurnSchema,
  type EnvironmentState,
  type EnvironmentTurn,
  type ResetEnvironmentInput,
  type StepEnvironmentInput,
} from '@pentimento/api-contracts';

/** The requests of one session, against a server that may change its address. */
export interface Session {
  id: string;
  reset(task: ResetEnvironmentInput): Promise<Response>;
  step(turn: number, reply: string, more?: Partial<StepEnvironmentInput>): Promise<Response>;
  state(): Promise<EnvironmentState>;
  end(): Promise<Response>;
}

export function sessionAt(server: { url: string }, id: string): Session {
  const at = (path = '') => `${server.url}/v1/environments/${id}${path}`;
  const post = (path: string, body: unknown) =>
    fetch(at(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    id,
    reset: (task) => post('/reset', task),
    step: (turn, reply, more = {}) => post('/step', { turn, reply, ...more }),
    state: async () => environmentStateSchema.parse(await (await fetch(at())).json()),
    end: () => fetch(at(), { method: 'DELETE' }),
  };
}

/** The answer to a reset or a step, which must be one. */
export async function turnOf(response: Response | Promise<Response>): Promise<EnvironmentTurn> {
  const settled = await response;
  const body: unknown = await settled.json();
  if (settled.status !== 200) throw new Error(`${settled.status}: ${JSON.stringify(body)}`);
  return environmentTurnSchema.parse(body);
}
