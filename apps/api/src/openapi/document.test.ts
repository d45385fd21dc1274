import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

it('names no schema that is not among the components', async () => {
  const text = await readFile(resolve(import.meta.dirname, '../../openapi.json'), 'utf8');
  const { components } = JSON.parse(text) as { components: { schemas: object } };
  const known = Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`);
  const named = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
