import type { Served } from '../browser/served.ts';
import { libraryFile } from './cdn.ts';
import { placeholder } from './placeholder.ts';
import { webFont } from './web-fonts.ts';

const maxUrlLength = 4096;

/** What a page gets of the network: common libraries and fonts from installed packages, and grey for pictures of a known size. */
export function network(address: string): Served | undefined {
  const url = address.length <= maxUrlLength && URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return undefined;
  return libraryFile(url) ?? webFont(url) ?? placeholder(url);
}

/** The page without the checksums of what it loads: another version may stand in for the one asked. */
export function withoutIntegrity(html: string): string {
  return html.replace(/<(?:script|link)\b[^<>]*>/gi, (tag) =>
    tag.replace(/\sintegrity\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/i, ''),
  );
}
