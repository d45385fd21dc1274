import { languages } from '@pentimento/render/languages';
import { describe } from 'vitest';
import { attackEach } from './attack.ts';

const attacked = await Promise.all(languages.map(async ({ id, loadSamples }) => ({ id, ...(await loadSamples()) })));

describe.each(attacked)('a hostile program of $id reaches its attack and does no harm', ({ id, samples }) =>
  attackEach(id, samples),
);
