import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { expect, it } from 'vitest';
import { repository } from './locations.ts';
import { modelVariables, variables } from './variables.ts';

/** The cells of the rows that describe variables, by section of docs/operations.md. */
async function documentedRows(section: string): Promise<string[][]> {
  const text = await readFile(join(repository, 'docs/operations.md'), 'utf8');
  const [, after = ''] = text.split(`\n### ${section}\n`);
  const [table = ''] = after.split('\n#');
  return [...table.matchAll(/^\| (`[A-Z].*) \|$/gm)].map(([, row]) => row!.split('|').map((cell) => cell.trim()));
}

function rowsOf(schemas: Record<string, z.ZodType>, columns: readonly string[]): string[][] {
  return Object.entries(schemas).map(([name, schema]) => {
    const meta = schema.meta() as Record<string, string>;
    return [`\`${name}\``, ...columns.map((column) => meta[column]!)];
  });
}

it('docs/operations.md describes each variable of the service as its schema does, in the same order', async () => {
  expect(await documentedRows('Service')).toEqual(rowsOf(variables, ['default', 'description']));
});

it('docs/operations.md describes each variable of the models as its schema does, in the same order', async () => {
  expect(await documentedRows('Models')).toEqual(rowsOf(modelVariables, ['description']));
});
