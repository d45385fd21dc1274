/** `lost`: an address without a job or a page. `dataset`: one of them; `new-dataset`: the form of a new one. */
export type Page = 'jobs' | 'submit' | 'trajectory' | 'datasets' | 'dataset' | 'new-dataset' | 'system' | 'lost';

export interface Key {
  id: string;
  /** Values of `KeyboardEvent.key`; the first is shown. */
  keys: readonly [string, ...string[]];
  label: string;
  /** Empty: on every page. */
  pages: readonly Page[];
}

const lists = ['jobs', 'datasets', 'dataset', 'new-dataset'] as const;

/** Every key of the dashboard. A key means the same on every page. */
export const keyTable = [
  { id: 'help', keys: ['?'], label: 'Show these keys', pages: [] },
  { id: 'close', keys: ['Escape'], label: 'Close', pages: ['jobs', 'trajectory'] },
  { id: 'search', keys: ['/'], label: 'Search', pages: ['jobs'] },
  { id: 'next', keys: ['j'], label: 'Next row or iteration', pages: [...lists, 'trajectory'] },
  { id: 'previous', keys: ['k'], label: 'Previous row or iteration', pages: [...lists, 'trajectory'] },
  { id: 'open', keys: ['Enter'], label: 'Open what is selected', pages: lists },
  { id: 'expand', keys: ['e'], label: 'Open or close all rows', pages: ['dataset', 'new-dataset'] },
  { id: 'new', keys: ['d'], label: 'New dataset', pages: ['datasets', 'dataset'] },
  { id: 'right', keys: ['ArrowRight'], label: 'Next iteration', pages: ['trajectory'] },
  { id: 'left', keys: ['ArrowLeft'], label: 'Previous iteration', pages: ['trajectory'] },
  { id: 'first', keys: ['Home'], label: 'First iteration', pages: ['trajectory'] },
  { id: 'last', keys: ['End'], label: 'Last iteration', pages: ['trajectory'] },
  { id: 'best', keys: ['b'], label: 'Best iteration', pages: ['trajectory'] },
  { id: 'follow', keys: ['l'], label: 'Follow the newest iteration', pages: ['trajectory'] },
  { id: 'failure', keys: ['.'], label: 'Next iteration that drew nothing', pages: ['trajectory'] },
  { id: 'play', keys: ['p'], label: 'Play the iterations', pages: ['trajectory'] },
  { id: 'side', keys: ['1'], label: 'Side by side', pages: ['trajectory'] },
  { id: 'swipe', keys: ['2'], label: 'Swipe', pages: ['trajectory'] },
  { id: 'flip', keys: ['3'], label: 'Flip', pages: ['trajectory'] },
  { id: 'onion', keys: ['4'], label: 'Onion skin', pages: ['trajectory'] },
  { id: 'difference', keys: ['5'], label: 'Difference', pages: ['trajectory'] },
  { id: 'tiles', keys: ['6'], label: 'Tile scores', pages: ['trajectory'] },
  { id: 'flip-sides', keys: ['x'], label: 'Flip between the two images (tap or hold)', pages: ['trajectory'] },
  { id: 'overlay', keys: ['o'], label: 'Tile grid over the images', pages: ['trajectory'] },
  { id: 'point-out', keys: ['h'], label: 'Point out the worst regions', pages: ['trajectory'] },
  { id: 'next-worst', keys: [']'], label: 'Zoom to the next worst region', pages: ['trajectory'] },
  { id: 'previous-worst', keys: ['['], label: 'Zoom to the worse region before', pages: ['trajectory'] },
  { id: 'zoom-in', keys: ['=', '+'], label: 'Zoom in', pages: ['trajectory'] },
  { id: 'zoom-out', keys: ['-'], label: 'Zoom out', pages: ['trajectory'] },
  { id: 'fit', keys: ['0'], label: 'Fit the whole image', pages: ['trajectory'] },
  { id: 'actual', keys: ['z'], label: 'One image pixel to one screen pixel', pages: ['trajectory'] },
  { id: 'code', keys: ['c'], label: 'Code', pages: ['trajectory'] },
  { id: 'mark', keys: ['m'], label: 'Mark a region to fix or to lock', pages: ['trajectory'] },
  { id: 'copy-link', keys: ['y'], label: 'Copy a link to exactly this view', pages: ['trajectory'] },
  { id: 'accept', keys: ['a'], label: 'Accept, or take that back', pages: ['trajectory'] },
  { id: 'reject', keys: ['r'], label: 'Reject, or take that back', pages: ['trajectory'] },
  { id: 'better', keys: ['>'], label: 'Better than the other candidate', pages: ['trajectory'] },
  { id: 'worse', keys: ['<'], label: 'Worse than the other candidate', pages: ['trajectory'] },
  { id: 'note', keys: ['n'], label: 'Note on the candidate', pages: ['trajectory'] },
] as const satisfies readonly Key[];

export type KeyId = (typeof keyTable)[number]['id'];

export function keysOf(page: Page): Key[] {
  return (keyTable as readonly Key[]).filter((key) => key.pages.length === 0 || key.pages.includes(page));
}

export function keyOf(page: Page, pressed: string): KeyId | undefined {
  return keysOf(page).find((key) => key.keys.includes(pressed))?.id as KeyId | undefined;
}

const names: Record<string, string> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  Escape: 'Esc',
  '-': '−',
};

export function keyName(key: string): string {
  return names[key] ?? key;
}
