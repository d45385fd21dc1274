import type { Problem } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { errorsOfProblem } from './fieldErrors.ts';

it('shows the first error that the API names of each field', () => {
  const errors = [
    { pointer: '/model', detail: 'No key is set' },
    { pointer: '/model', detail: 'Another.' },
  ];
  expect(errorsOfProblem({ errors } as Problem)).toEqual({ '/model': 'No key is set.' });
});
