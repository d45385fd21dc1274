/** What stands for a file of the network in a page. */
export interface Served {
  mediaType: string;
  body: Uint8Array;
  /** What was asked beside it and is not there. */
  lacks?: string;
}

/** What a page gets for a URL; undefined for what is refused. */
export type Server = (url: string) => Served | undefined;

/** Anybody may read what is served here: fonts and modules are asked for across origins. */
export const servedHeaders = ({ mediaType }: Served): { name: string; value: string }[] => [
  { name: 'Content-Type', value: mediaType },
  { name: 'Access-Control-Allow-Origin', value: '*' },
];
