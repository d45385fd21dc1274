import { Agent, fetch as send } from 'undici';

/**
 * Fetch for model servers. The attempt's own deadline is the only time limit, so that a slow first token is not ended by
 * the HTTP client's default of 300 s. Redirects are not followed: an API key is sent to the configured address only.
 */
export const fetchModel = ((url: string | URL, init?: RequestInit) =>
  send(url, { ...(init as object), redirect: 'manual', dispatcher: agent() })) as unknown as typeof fetch;

let shared: Agent | undefined;

function agent(): Agent {
  shared ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  return shared;
}
