import { createHash } from 'node:crypto';
import type { InterceptedResponse, RefusedRequest } from '@pentimento/sandbox';
import { installedVersion } from '../package-files.ts';
import { libraryFile, libraryPackages, missingLibrary } from './cdn.ts';
import { placeholder } from './placeholder.ts';
import { fontPackages, webFont } from './web-fonts.ts';

let version: string | undefined;

/** A digest of the versions of all packages that pages can load, for the renderer's name: "libraries-" and 8 hexadecimal digits. */
export function networkVersion(): string {
  return (version ??= `libraries-${digestOf([...libraryPackages, ...fontPackages])}`);
}

function digestOf(packages: string[]): string {
  const named = packages.map((name) => `${name}@${installedVersion(name) ?? 'none'}`).sort();
  return createHash('sha256').update(named.join('\n')).digest('hex').slice(0, 8);
}

const maxUrlLength = 4096;

/**
 * What a page gets in place of the network: common libraries and fonts from installed packages, plain images of the size for those of
 * services of placeholders and photos, and advice for libraries that are not here.
 */
export function network(address: string): InterceptedResponse | RefusedRequest | undefined {
  const url = address.length <= maxUrlLength && URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return undefined;
  return libraryFile(url) ?? webFont(url) ?? placeholder(url) ?? refusal(missingLibrary(url));
}

const refusal = (advice: string | undefined): RefusedRequest | undefined =>
  advice === undefined ? undefined : { advice };

/** The page without the checksums of its scripts and style sheets: it may get another version than it requests. */
export function withoutIntegrity(html: string): string {
  return html.replace(/<(?:script|link)\b[^<>]*>/gi, (tag) =>
    tag.replace(/\sintegrity\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/i, ''),
  );
}
