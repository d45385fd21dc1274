import type { InterceptedResponse } from '@pentimento/sandbox';

const side = '(\\d{1,4})';

/** Services whose URLs contain the size of the image. */
const services: [hosts: string[], path: RegExp][] = [
  [
    ['placehold.co', 'placehold.it', 'via.placeholder.com', 'placeholder.com', 'www.placeholder.com', 'dummyimage.com'],
    new RegExp(`^/${side}(?:x${side})?(?:[./].*)?$`),
  ],
  [['picsum.photos'], new RegExp(`^/(?:(?:id|seed)/[\\w.-]+/)?${side}(?:/${side})?(?:[./].*)?$`)],
  [['source.unsplash.com'], new RegExp(`^/(?:.*/)?${side}x${side}/?$`)],
];

/** A gray image of the size in the URL, so that the page keeps its layout; undefined for any other URL. */
export function placeholder({ host, pathname }: URL): InterceptedResponse | undefined {
  const [, pattern] = services.find(([hosts]) => hosts.includes(host)) ?? [];
  const [, width, height = width] = pattern?.exec(pathname) ?? [];
  if (!(Number(width) > 0 && Number(height) > 0)) return undefined;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#ccc"/></svg>`;
  return { mediaType: 'image/svg+xml', body: Buffer.from(svg, 'utf8') };
}
