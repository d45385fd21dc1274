import { expect, it } from 'vitest';
import { diagram, importsByProject, reduced } from './graph.mjs';

const names = (...short: string[]) => new Set(short);

it('leaves out an import that another import already implies', () => {
  const graph = new Map([
    ['contracts', names()],
    ['sandbox', names('contracts')],
    ['render', names('contracts', 'sandbox')],
  ]);
  expect(reduced(graph).get('render')).toEqual(['sandbox']);
  expect(diagram(graph)).toBe('```mermaid\nflowchart TD\n  render --> sandbox\n  sandbox --> contracts\n```\n');
});

it('keeps the projects of the workspace and drops npm packages', () => {
  const graph = importsByProject({
    nodes: { '@pentimento/store': {}, '@pentimento/contracts': {} },
    dependencies: {
      '@pentimento/store': [{ target: '@pentimento/contracts' }, { target: 'npm:pg' }],
      '@pentimento/contracts': [{ target: 'npm:zod' }],
    },
  });
  expect(graph).toEqual(
    new Map([
      ['store', names('contracts')],
      ['contracts', names()],
    ]),
  );
});
