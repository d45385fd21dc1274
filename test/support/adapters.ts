import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { blobSchema } from '@pentimento/api-contracts';
import { expect } from 'vitest';
import { startStack } from './stack.ts';

const integrations = resolve(import.meta.dirname, '../../integrations');
const example = resolve(import.meta.dirname, '../../examples/isometric');
const failedTests = /^(?:FAIL|ERROR): (.+)$/gm;

/** A running server, for tests of adapters that are Python. */
export interface AdapterTests {
  /** A folder that is removed with the server. */
  home: string;
  /** Runs the tests of one file of `integrations/tests`: there must be some, and all must pass. */
  pass(python: string, file: string, variables?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

export async function startAdapterTests(): Promise<AdapterTests> {
  const stack = await startStack({ variables: { PENTIMENTO_WORKER: 'off' } });
  const headers = { 'content-type': 'image/png' };
  const body = new Uint8Array(await readFile(`${example}.png`));
  const put = await fetch(`${stack.url}/v1/blobs`, { method: 'POST', headers, body });
  const basics = {
    PATH: process.env['PATH']!,
    PENTIMENTO_URL: stack.url,
    TEST_TARGET_BLOB: blobSchema.parse(await put.json()).id,
    TEST_TARGET_IMAGE: `${example}.png`,
    TEST_TARGET_CODE: `${example}.svg`,
  };
  return {
    home: stack.home,
    async pass(python, file, variables = {}) {
      const args = ['-B', '-m', 'unittest', 'discover', '-s', join(integrations, 'tests'), '-p', file];
      const env = { ...basics, ...variables };
      const { stderr } = await promisify(execFile)(python, args, { env, maxBuffer: 2 ** 26 }).catch(
        (error: { stderr: string }) => error,
      );
      expect(
        [...stderr.matchAll(failedTests)].map(([, name]) => name),
        stderr,
      ).toEqual([]);
      expect(stderr).toMatch(/^Ran [1-9]\d* tests in .*\n\nOK/m);
    },
    stop: () => stack.stop(),
  };
}

/** The text of an adapter, by its path in `integrations`. */
export const adapterText = (path: string): string => readFileSync(join(integrations, path), 'utf8');

/** Lines of the text of an adapter. */
export const linesOf = (path: string): number => adapterText(path).split('\n').length - 1;
