import type { ByteCache } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { LearnedProfiles, ModelProfiles, profileHoldsMs } from './model-profiles.ts';

function memoryCache(): ByteCache {
  const entries = new Map<string, Uint8Array>();
  return {
    get: (key) => Promise.resolve(entries.get(key)),
    set: (key, bytes) => Promise.resolve(void entries.set(key, bytes)),
  };
}

const nothingSet = { images: {}, context: {} };
const prompt = { instructions: '', messages: [] };
const refusal = "This model's maximum context length is 8192 tokens.";

/** The profiles as a process has them that starts at `time`. */
const openAt = async (cache: ByteCache, time: number, set: typeof nothingSet = nothingSet) => {
  const learned = await LearnedProfiles.read(cache);
  return { learned, profiles: new ModelProfiles({ set, learned, clock: { now: () => time } }) };
};

describe('what a server refused', () => {
  it('is known to the next process for a week, and only of that server', async () => {
    const cache = memoryCache();
    const { profiles, learned } = await openAt(cache, 1000);
    profiles.of('a/b', 'host').learn(refusal, prompt);
    profiles.of('a/b', 'host').refuse('system');
    await learned.saved();

    const later = (await openAt(cache, 1000 + profileHoldsMs - 1)).profiles;
    expect(later.of('a/b', 'host').limits).toEqual({ images: Infinity, contextTokens: 8192 });
    expect(later.of('a/b', 'host').refuses('system')).toBe(true);
    expect(later.of('a/b', 'host').refuses('stream_options')).toBe(false);
    expect(later.of('a/b', 'other').limits.contextTokens).toBe(Infinity);
    expect(later.of('a/c', 'host').refuses('system')).toBe(false);

    const muchLater = (await openAt(cache, 1000 + profileHoldsMs)).profiles;
    expect(muchLater.of('a/b', 'host').limits.contextTokens).toBe(Infinity);
  });

  it('is kept beside what another process has learned meanwhile', async () => {
    const cache = memoryCache();
    const [first, second] = [await openAt(cache, 1), await openAt(cache, 1)];
    first.profiles.of('a/b', 'host').refuse('system');
    await first.learned.saved();
    second.profiles.of('a/c', 'host').refuse('stream_options');
    await second.learned.saved();
    const { profiles } = await openAt(cache, 2);
    expect(profiles.of('a/b', 'host').refuses('system')).toBe(true);
    expect(profiles.of('a/c', 'host').refuses('stream_options')).toBe(true);
  });

  it('is nothing where what is kept cannot be read', async () => {
    const cache = memoryCache();
    const { profiles, learned } = await openAt(cache, 1);
    profiles.of('a/b', 'host').refuse('system');
    await learned.saved();
    await cache.set('model profiles 1', new TextEncoder().encode('{"a/b at host": {"images": "none"}}'));
    expect((await openAt(cache, 2)).profiles.of('a/b', 'host').refuses('system')).toBe(false);
  });
});

it('a limit that is set is lowered by a refusal, and never raised', async () => {
  const { profiles } = await openAt(memoryCache(), 1, { images: {}, context: { 'a/b': 4096 } } as typeof nothingSet);
  const profile = profiles.of('a/b', 'host');
  expect(profile.limits.contextTokens).toBe(4096);
  profile.learn('The context window is exceeded.', { instructions: 'x'.repeat(3000), messages: [] });
  expect(profile.limits.contextTokens).toBe(750);
});
