export * from './columns.ts';
export { imagePath, jsonLines } from './json-lines.ts';
export { parquet } from './parquet.ts';
export type { Row, TableFile, TableWriter } from './table.ts';
