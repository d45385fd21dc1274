import { HubError } from './errors.ts';
import type { HubSettings } from './settings.ts';

const maxRedirects = 8;
const redirects = [301, 302, 303, 307, 308];

/** A file at a commit, as the headers of the hub's first response describe it. */
export interface RemoteFile {
  commit: string;
  bytes: number;
  /** SHA-256 of a large file, or Git's SHA-1 of a small one; hex. */
  hash: string;
}

export interface FileAddress {
  /** `owner/name`. */
  repository: string;
  /** Branch, tag or commit. */
  revision: string;
  file: string;
}

/** The network failed or the server is overloaded: the same request may succeed later. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** Requests the description of a file without its content. Throws `HubError`, or `TransientError`. */
export async function describeFile(
  address: FileAddress,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<RemoteFile> {
  const url = addressOf(address, settings);
  const response = await ask(
    url,
    { method: 'HEAD', signal, headers: { 'accept-encoding': 'identity' } },
    settings,
    sameOrigin,
  );
  await response.body?.cancel();
  if (!response.ok && !redirects.includes(response.status)) throw refusal(response.status, address, settings);
  const { headers } = response;
  const tag = headers.get('x-linked-etag') ?? headers.get('etag') ?? '';
  const hash = tag.replace(/^W\//, '').replaceAll('"', '');
  const bytes = Number(headers.get('x-linked-size') ?? headers.get('content-length') ?? Number.NaN);
  const commit = headers.get('x-repo-commit') ?? '';
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(hash) && Number.isInteger(bytes) && /^[0-9a-f]{40}$/.test(commit)) {
    return { hash, bytes, commit };
  }
  throw new HubError(
    `${settings.endpoint.host} did not say which commit, size and hash ${address.file} of ${address.repository} has: set HF_ENDPOINT to the hub or to a full mirror of it.`,
  );
}

/** The content from byte `from` on, if the server supports that; the caller checks the status. */
export async function openFile(
  address: FileAddress,
  from: number,
  settings: HubSettings,
  signal: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers.range = `bytes=${from}-`;
  const response = await ask(addressOf(address, settings), { headers, signal }, settings, () => true);
  if (response.ok || response.status === 416) return response;
  await response.body?.cancel();
  throw refusal(response.status, address, settings);
}

function addressOf({ repository, revision, file }: FileAddress, { endpoint }: HubSettings): URL {
  const path = `${repository}/resolve/${encodeURIComponent(revision)}/${file}`;
  return new URL(`${endpoint.href.replace(/\/$/, '')}/${path}`);
}

/** The first response for a large file redirects to another origin, and its headers describe the file. */
const sameOrigin = (to: URL, from: URL): boolean => to.origin === from.origin;

/** Follows the redirects that `follow` accepts itself, so that the token goes only to the endpoint's own origin. */
async function ask(
  url: URL,
  request: RequestInit,
  { endpoint, token }: HubSettings,
  follow: (to: URL, from: URL) => boolean,
): Promise<Response> {
  let at = url;
  for (let hop = 0; hop < maxRedirects; hop++) {
    const headers = new Headers(request.headers);
    if (token && at.origin === endpoint.origin) headers.set('authorization', `Bearer ${token}`);
    const response = await send(at, { ...request, headers, redirect: 'manual' });
    const to = redirects.includes(response.status) ? URL.parse(response.headers.get('location') ?? '', at) : null;
    if (!to || !follow(to, at)) return response;
    if (endpoint.protocol === 'https:' && to.protocol !== 'https:') {
      throw new HubError(
        `${at.host} redirects to an address that is not encrypted: set HF_ENDPOINT to a server that does not.`,
      );
    }
    await response.body?.cancel();
    at = to;
  }
  throw new HubError(`${url.host} redirects in a circle: set HF_ENDPOINT to the hub or to a mirror of it.`);
}

async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    request.signal?.throwIfAborted();
    throw new TransientError(`${url.host} cannot be reached`, { cause });
  }
}

function refusal(status: number, { repository, revision, file }: FileAddress, { endpoint, token }: HubSettings): Error {
  const { host } = endpoint;
  if (status === 401 || status === 403) {
    const remedy = token
      ? 'set HF_TOKEN to one that may read it, and accept its terms on its page'
      : 'check its name, or set HF_TOKEN where it is private';
    return new HubError(`${host} does not give ${repository} to ${token ? 'this HF_TOKEN' : 'the public'}: ${remedy}.`);
  }
  if (status === 404) {
    return new HubError(
      `${host} has no ${file} of ${repository} at ${revision}: check the name, e.g. facebook/dinov2-large.`,
    );
  }
  if (status === 429 || status >= 500) return new TransientError(`${host} answered ${status}`);
  return new HubError(`${host} answered ${status} for ${file} of ${repository}: check HF_ENDPOINT.`);
}
