/**
 * `npm run migration -- NAME` writes prisma/migrations/<time>_NAME/migration.sql: the SQL that leads from the committed
 * schema.prisma to the one in the work tree. Read it before you commit it.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startPostgres } from '@pentimento/embedded-postgres';
import { migrationFolder } from '@pentimento/postgres';
import { schemaPath, withSchemaEngine } from '../libs/store/scripts/schema-engine.ts';

const name = process.argv[2];
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Give the migration a name of lower-case letters, digits and _: npm run migration -- add_tags');
  process.exit(2);
}
const committed = execFileSync('git', ['show', 'HEAD:./schema.prisma'], { cwd: dirname(schemaPath), encoding: 'utf8' });
const wanted = await readFile(schemaPath, 'utf8');
const folder = await mkdtemp(join(tmpdir(), 'pentimento-migration-'));
const server = await startPostgres({ folder, durable: false });
const sql = await withSchemaEngine(server.url, (engine) => engine.difference(committed, wanted)).finally(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
if (sql === '') {
  console.error('schema.prisma equals the committed one: there is nothing to migrate.');
  process.exit(1);
}
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const path = join(migrationFolder, `${stamp}_${name}`, 'migration.sql');
await mkdir(dirname(path));
await writeFile(path, sql);
console.log(path);
