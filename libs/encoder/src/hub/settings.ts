import { homedir } from 'node:os';
import { join } from 'node:path';
import { HubError } from './errors.ts';

/** How the Hugging Face hub is reached, by the variables that its own tools read. */
export interface HubSettings {
  /** Origin and path prefix of the hub or of a mirror of it, without a slash at the end. */
  endpoint: URL;
  /** Sent to the endpoint's own origin only. */
  token: string | undefined;
  /** The download cache of the hub's own tools. */
  cache: string;
}

const defaultEndpoint = 'https://huggingface.co';

/** Reads HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_CACHE; an empty variable counts as unset. Throws `HubError`. */
export function hubSettings(environment: Record<string, string | undefined>): HubSettings {
  const endpoint = URL.parse(environment.HF_ENDPOINT || defaultEndpoint);
  if (!endpoint || !['http:', 'https:'].includes(endpoint.protocol)) {
    throw new HubError(`HF_ENDPOINT must look like ${defaultEndpoint}: set it right or leave it unset.`);
  }
  const home = environment.HF_HOME || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  return {
    endpoint,
    token: environment.HF_TOKEN || undefined,
    cache: environment.HF_HUB_CACHE || join(home, 'hub'),
  };
}
