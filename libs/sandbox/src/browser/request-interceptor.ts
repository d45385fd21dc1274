/** A response that a page gets in place of one from the network. */
export interface InterceptedResponse {
  mediaType: string;
  body: Uint8Array;
  /** What was requested along with it and is missing here. */
  missing?: string;
  /** Whether it is an image that only has the size of the one that was requested. */
  isPlaceholder?: boolean;
}

/** A request that is refused, with a sentence on what the page can do without it. */
export interface RefusedRequest {
  advice: string;
}

/** The response to a URL that a page requests; undefined to refuse it without advice. */
export type RequestInterceptor = (url: string) => InterceptedResponse | RefusedRequest | undefined;

/** Every origin may read the responses: fonts and modules are requested across origins. */
export const responseHeaders = ({ mediaType }: InterceptedResponse): { name: string; value: string }[] => [
  { name: 'Content-Type', value: mediaType },
  { name: 'Access-Control-Allow-Origin', value: '*' },
];
