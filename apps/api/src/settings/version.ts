import { readFileSync } from 'node:fs';
import { manifest } from './locations.ts';

export const version = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
