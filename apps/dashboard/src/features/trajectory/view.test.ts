import { expect, it } from 'vitest';
import { defaultView, parseView, writeView, type ViewState } from './view.ts';

it('is short where all is as by default', () => {
  expect(writeView('job_1', defaultView)).toBe('id=job_1');
});

it('comes back from the address exactly as it went', () => {
  const view: ViewState = {
    iteration: 0,
    candidate: 2,
    mode: 'difference',
    left: 3,
    right: 'best',
    layer: 'map',
    gain: 16,
    grid: true,
    view: { x: 250.5, y: 125, scale: 3.75 },
    tab: 'prompt',
  };
  expect(parseView(new URLSearchParams(writeView('job_1', view)))).toEqual(view);
});

it('ignores what it cannot read', () => {
  const query = new URLSearchParams('i=-1&c=x&mode=sideways&left=up&gain=9999&zoom=1&tab=none&layer=');
  expect(parseView(query)).toEqual(defaultView);
});
