import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, afterAll, expect, it } from 'vitest';
import { loadEncoder } from '../installed/load.ts';
import { EncoderError } from '../errors.ts';
import { tinyShape, writeDinov2Folder } from '../testing/dinov2-folder.ts';
import { commit, serveHub, type HubProblems, type HubServer } from '../testing/hub-server.ts';
import { HubError } from './errors.ts';
import { pullEncoder, type PullOptions } from './pull.ts';

const repository = 'facebook/dinov2-tiny';
const resolved = (file: string) => `/${repository}/resolve/${commit}/${file}`;

let folder: string;
let model: string;
let files: Record<string, Buffer>;
let homes = 0;
let hub: HubServer | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-hub-'));
  model = await writeDinov2Folder(join(folder, 'model'), tinyShape);
  const [config, weights] = await Promise.all(
    ['config.json', 'model.safetensors'].map((file) => readFile(join(model, file))),
  );
  files = { 'config.json': config!, 'model.safetensors': weights! };
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

interface Pull {
  home: string;
  options: PullOptions;
  steps: string[];
  pauses: number[];
}

/** Options for a new home and a hub with these problems. */
async function prepare(problems: HubProblems = {}, environment: Record<string, string> = {}): Promise<Pull> {
  hub = await serveHub(repository, files, problems);
  const home = join(folder, `home-${homes++}`);
  const steps: string[] = [];
  const pauses: number[] = [];
  const options: PullOptions = {
    home,
    environment: { HF_ENDPOINT: hub.url, HF_HOME: join(home, 'hf'), ...environment },
    signal: new AbortController().signal,
    onStep: (line) => steps.push(line),
    pause: async (tries) => void pauses.push(tries),
  };
  return { home, options, steps, pauses };
}

async function refusal(pulling: Promise<unknown>): Promise<Error> {
  const error = await pulling.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

it('downloads, verifies and installs a model at one commit, and reports its progress', async () => {
  const { home, options } = await prepare();
  const seen: number[] = [];
  const onProgress: PullOptions['onProgress'] = ({ file, bytes }) =>
    void (file.endsWith('.safetensors') && seen.push(bytes));
  const installed = await pullEncoder(repository, { ...options, onProgress });
  expect(installed).toMatchObject({ name: 'dinov2-tiny', bytes: files['model.safetensors']!.length });
  expect(seen.at(-1)).toBe(installed.bytes);
  const { manifest, modelPath } = await loadEncoder('dinov2-tiny', { home });
  expect(manifest.sha256).toBe(createHash('sha256').update(files['model.safetensors']!).digest('hex'));
  expect(modelPath).toBe(join(home, 'encoders/dinov2-tiny/model.safetensors'));
  expect(JSON.parse(await readFile(join(home, 'encoders/dinov2-tiny/manifest.json'), 'utf8'))).toMatchObject({
    file: 'model.safetensors',
  });
  expect(hub!.requests).toContain(`hub GET ${resolved('model.safetensors')}`);
  expect((await readdir(join(home, 'encoders/dinov2-tiny'))).toSorted()).toEqual([
    'config.json',
    'manifest.json',
    'model.safetensors',
  ]);
});

it('downloads nothing a second time, and only asks which files the hub has', async () => {
  const { options } = await prepare();
  await pullEncoder(repository, options);
  hub!.requests.length = 0;
  await pullEncoder(repository, options);
  expect(hub!.requests.every((line) => line.startsWith('hub HEAD'))).toBe(true);
});

it('resumes where a broken response ended', async () => {
  const size = files['model.safetensors']!.length;
  const { options, pauses } = await prepare({ cutAfter: Math.ceil(size / 3) });
  const onProgress = () => hub!.cut();
  await pullEncoder(repository, { ...options, onProgress });
  const ranges = hub!.requests.filter((line) => line.startsWith('cdn')).map((line) => /bytes=\d+/.exec(line)?.[0]);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.length).toBeGreaterThan(2);
  expect(ranges.slice(1).every((range) => range !== undefined)).toBe(true);
  expect(pauses.every((tries) => tries === 1)).toBe(true);
});

it('keeps what it downloaded when it is aborted, and resumes the next time', async () => {
  const { home, options } = await prepare();
  const stop = new AbortController();
  const onProgress = () => stop.abort(new Error('enough'));
  const stopped = pullEncoder(repository, {
    ...options,
    signal: stop.signal,
    onProgress: (progress) => progress.file.endsWith('.safetensors') && onProgress(),
  });
  await expect(stopped).rejects.toThrow();
  const left = await readdir(join(home, 'encoders/dinov2-tiny'));
  expect(left.some((name) => /^\.model\.safetensors\.[0-9a-f]{16}\.partial$/.test(name))).toBe(true);
  await pullEncoder(repository, options);
  expect((await loadEncoder('dinov2-tiny', { home })).manifest.network).toBeDefined();
});

it('starts over where the server cannot resume', async () => {
  const { home, options } = await prepare({ wholeOnly: true });
  const encoderFolder = join(home, 'encoders/dinov2-tiny');
  const hash = createHash('sha256').update(files['model.safetensors']!).digest('hex');
  await mkdir(encoderFolder, { recursive: true });
  await writeFile(join(encoderFolder, `.model.safetensors.${hash.slice(0, 16)}.partial`), 'half of something else');
  await pullEncoder(repository, options);
  expect(Buffer.compare(await readFile(join(encoderFolder, 'model.safetensors')), files['model.safetensors']!)).toBe(0);
});

it('refuses and removes content with another hash', async () => {
  const { home, options } = await prepare({
    tamper: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]),
  });
  const error = await refusal(pullEncoder(repository, options));
  expect(error).toBeInstanceOf(HubError);
  expect(error.message).toMatch(/another hash/);
  expect(await readdir(join(home, 'encoders/dinov2-tiny'))).toEqual(['config.json']);
});

it('refuses content that is longer than the hub states', async () => {
  const { home, options } = await prepare({ tamper: (bytes) => Buffer.concat([bytes, Buffer.alloc(100)]) });
  expect((await refusal(pullEncoder(repository, options))).message).toMatch(/is longer than the hub states/);
  expect(await readdir(join(home, 'encoders/dinov2-tiny'))).toEqual(['config.json']);
});

it('has a remedy for a home that cannot be written', async () => {
  const { home, options } = await prepare();
  await writeFile(home, 'a file in its place');
  expect((await refusal(pullEncoder(repository, options))).message).toMatch(
    /cannot be written: free some space, or set/,
  );
});

it('fails after five tries without progress', async () => {
  const { options, pauses } = await prepare({ cutAfter: 0 });
  const error = await refusal(pullEncoder(repository, options));
  expect(error.message).toMatch(
    /(broke|cannot be reached): run the command again later, .* "pentimento encoder add FOLDER"/,
  );
  expect(pauses).toEqual([2, 3, 4, 5]);
});

it('sends the token to the hub and nowhere else, and never shows it', async () => {
  const token = 'hf_secret';
  const { options } = await prepare({ token }, { HF_TOKEN: token });
  await pullEncoder(repository, options);
  const [cdn, own] = [true, false].map((ofCdn) => hub!.requests.filter((line) => line.startsWith('cdn') === ofCdn));
  expect(own!.every((line) => line.endsWith('token'))).toBe(true);
  expect(cdn!.length).toBeGreaterThan(0);
  expect(cdn!.some((line) => line.endsWith('token'))).toBe(false);
});

it.each([
  ['a token is required', { token: 'hf_right' }, {}, /does not give .* to the public: check its name, or set HF_TOKEN/],
  ['the token is wrong', { token: 'hf_right' }, { HF_TOKEN: 'hf_wrong' }, /to this HF_TOKEN/],
  ['the server is overloaded', { status: 503 }, {}, /answered 503: run the command again later/],
  ['the status is unexpected', { status: 418 }, {}, /answered 418 .*check HF_ENDPOINT/],
])('has a remedy where %s', async (_, problems, environment, expected) => {
  const { options } = await prepare(problems, environment as Record<string, string>);
  const { message } = await refusal(pullEncoder(repository, options));
  expect(message).toMatch(expected);
  expect(message).not.toMatch(/hf_/);
});

it('has a remedy for a missing model, a wrong name and a wrong endpoint', async () => {
  const { options } = await prepare();
  const messageFor = async (name: string, environment = options.environment) =>
    (await refusal(pullEncoder(name, { ...options, environment }))).message;
  expect(await messageFor('facebook/nothing')).toMatch(
    /has no model\.safetensors of facebook\/nothing at main: check the name/,
  );
  expect(await messageFor('dinov2')).toMatch(/give owner\/name/);
  expect(await messageFor(repository, { HF_ENDPOINT: 'ftp://x' })).toMatch(/HF_ENDPOINT must look like/);
});

it('has a remedy where there is no network', async () => {
  const { options } = await prepare();
  await hub!.close();
  const error = await refusal(pullEncoder(repository, options));
  hub = undefined;
  expect(error.message).toMatch(
    /^127\.0\.0\.1:\d+ cannot be reached: .*copy their folder here and run "pentimento encoder add/,
  );
});

it('refuses another kind of network before it downloads the weights', async () => {
  const { options } = await prepare();
  const config = Buffer.from(JSON.stringify({ ...JSON.parse(files['config.json']!.toString()), model_type: 'vit' }));
  await hub!.close();
  hub = await serveHub(repository, { ...files, 'config.json': config });
  const environment = { ...options.environment, HF_ENDPOINT: hub.url };
  const error = await refusal(pullEncoder(repository, { ...options, environment }));
  expect(error).toBeInstanceOf(EncoderError);
  expect(error.message).toMatch(/model_type must be "dinov2"/);
  expect(hub.requests.some((line) => line.startsWith('cdn'))).toBe(false);
});

it('never overwrites another encoder of the same name', async () => {
  const { options } = await prepare();
  await pullEncoder(repository, options);
  await hub!.close();
  hub = await serveHub(repository, { ...files, 'model.safetensors': Buffer.from('other weights') });
  const environment = { ...options.environment, HF_ENDPOINT: hub.url };
  const { message } = await refusal(pullEncoder(repository, { ...options, environment }));
  expect(message).toMatch(/name dinov2-tiny is taken by other weights: give another --name/);
});

/** The cache of the hub's own tools, which links snapshots to blobs named by hash. */
async function cacheModel(hfHome: string): Promise<string> {
  const encoderFolder = join(hfHome, 'hub/models--facebook--dinov2-tiny');
  const snapshot = join(encoderFolder, 'snapshots', commit);
  const blobs = join(encoderFolder, 'blobs');
  const hash = createHash('sha256').update(files['model.safetensors']!).digest('hex');
  await mkdir(join(encoderFolder, 'refs'), { recursive: true });
  await mkdir(snapshot, { recursive: true });
  await cp(model, blobs, { recursive: true });
  await rename(join(blobs, 'model.safetensors'), join(blobs, hash));
  await writeFile(join(encoderFolder, 'refs/main'), commit);
  await symlink(`../../blobs/${hash}`, join(snapshot, 'model.safetensors'));
  await symlink('../../blobs/config.json', join(snapshot, 'config.json'));
  return join(blobs, hash);
}

it("uses a model in the cache of the hub's tools without a network, and runs it through the links", async () => {
  const { home, options, steps } = await prepare();
  const blob = await cacheModel(options.environment.HF_HOME!);
  const installed = await pullEncoder(repository, options);
  expect(hub!.requests).toEqual([]);
  expect(steps[0]).toContain(commit);
  expect(installed.file).toContain('snapshots');
  expect((await loadEncoder('dinov2-tiny', { home })).manifest.id).toBe('dinov2-32x2-g1');
  await writeFile(blob, 'damaged');
  const { message } = await refusal(pullEncoder(repository, { ...options, name: 'again' }));
  expect(message).toMatch(/is damaged: remove .* and run the command again/);
});
