import { layers, modes, parseSide, writeSide, type CompareState } from '../compare/model.ts';
import { parseViewport, writeViewport, type Viewport } from '../compare/viewport.ts';

const tabIds = [
  'score',
  'patches',
  'live',
  'steer',
  'code',
  'diff',
  'prompt',
  'reply',
  'log',
  'timings',
  'events',
] as const;
export type TabId = (typeof tabIds)[number];

/** What the address says about the page, apart from the job's id. */
export interface ViewState extends CompareState {
  /** Null: follow a live job, or the best of an ended one. */
  iteration: number | null;
  /** Null: the one that represents its iteration. */
  candidate: number | null;
  /** Null: the whole image fits. */
  view: Viewport | null;
  tab: TabId;
}

export const defaultView: ViewState = {
  iteration: null,
  candidate: null,
  mode: 'side',
  left: 'target',
  right: 'selected',
  layer: 'tiles',
  gain: 4,
  grid: false,
  view: null,
  tab: 'code',
};

export function parseView(query: URLSearchParams): ViewState {
  const gain = natural(query.get('gain'));
  return {
    iteration: natural(query.get('i')),
    candidate: natural(query.get('c')),
    mode: oneOf(modes, query.get('mode'), defaultView.mode),
    left: parseSide(query.get('left'), defaultView.left),
    right: parseSide(query.get('right'), defaultView.right),
    layer: oneOf(layers, query.get('layer'), defaultView.layer),
    gain: gain && gain <= 64 ? gain : defaultView.gain,
    grid: query.get('grid') === '1',
    view: parseViewport(query.get('zoom')),
    tab: oneOf(tabIds, query.get('tab'), defaultView.tab),
  };
}

/** The query of a view: the job's id, and what differs from the default. */
export function writeView(id: string, view: ViewState): string {
  const query = new URLSearchParams({ id });
  const set = (name: string, value: string | number | null, usual: string | number | null) => {
    if (value !== null && value !== usual) query.set(name, String(value));
  };
  set('i', view.iteration, null);
  set('c', view.candidate, null);
  set('mode', view.mode, defaultView.mode);
  set('left', writeSide(view.left), writeSide(defaultView.left));
  set('right', writeSide(view.right), writeSide(defaultView.right));
  set('layer', view.layer, defaultView.layer);
  set('gain', view.gain, defaultView.gain);
  set('grid', view.grid ? '1' : null, null);
  set('zoom', view.view && writeViewport(view.view), null);
  set('tab', view.tab, defaultView.tab);
  return query.toString();
}

function natural(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null, fallback: T): T {
  return allowed.find((value) => value === text) ?? fallback;
}

/** The tab to show: of a job that has no iteration yet, what is being written takes the place of the code. */
export function shownTab(chosen: TabId, { isLive, isEmpty }: { isLive: boolean; isEmpty: boolean }): TabId {
  if (chosen === 'live' && !isLive) return 'code';
  return chosen === 'code' && isLive && isEmpty ? 'live' : chosen;
}
