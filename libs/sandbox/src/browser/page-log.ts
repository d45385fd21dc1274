import type { Protocol } from 'devtools-protocol';

const maxLines = 20;
const maxLineLength = 300;
const maxUrlLength = 200;

/** What the kinds of requests are called in the log; others are not named. */
const kinds: Partial<Record<Protocol.Network.ResourceType, string>> = {
  Document: 'page',
  Font: 'font',
  Image: 'image',
  Media: 'video or sound',
  Script: 'script',
  Stylesheet: 'style sheet',
};

/** What went wrong in a page and what it lost, bounded: errors of its scripts, and what is left out of the render. */
export class PageLog {
  readonly #lines: string[] = [];
  readonly #refused = new Set<string>();
  readonly #placeholders = new Set<string>();
  readonly #losses = new Set<string>();

  addException({ exception, text, lineNumber, columnNumber }: Protocol.Runtime.ExceptionDetails): void {
    const description = exception?.description ?? String(exception?.value ?? text);
    const firstLine = description.slice(0, maxLineLength).split('\n')[0];
    this.#add(`${firstLine} (line ${lineNumber + 1}, column ${columnNumber + 1})`);
  }

  addConsole(args: readonly Pick<Protocol.Runtime.RemoteObject, 'value' | 'description'>[]): void {
    const text = args.map((arg) => String(arg.value ?? arg.description ?? '').slice(0, maxLineLength)).join(' ');
    this.#add(`console: ${text}`);
  }

  addRefused(url: string, type?: Protocol.Network.ResourceType): void {
    const kind = type && kinds[type];
    addBounded(this.#refused, url.slice(0, maxUrlLength) + (kind === undefined ? '' : ` (${kind})`));
  }

  /** An image that a placeholder stands for. */
  addPlaceholder(url: string): void {
    addBounded(this.#placeholders, url.slice(0, maxUrlLength));
  }

  /** A sentence on something that is left out. */
  addLoss(sentence: string): void {
    addBounded(this.#losses, sentence.slice(0, maxLineLength));
  }

  text(): string {
    return [
      ...this.#lines,
      ...listed('There is no network here; refused:', this.#refused),
      ...listed('Placeholders of the same size are drawn for:', this.#placeholders),
      ...this.#losses,
    ].join('\n');
  }

  #add(line: string): void {
    if (this.#lines.length < maxLines) this.#lines.push(line.slice(0, maxLineLength));
  }
}

function addBounded(set: Set<string>, text: string): void {
  if (set.size < maxLines) set.add(text);
}

const listed = (start: string, urls: ReadonlySet<string>): string[] =>
  urls.size > 0 ? [`${start} ${[...urls].join(' ')}`] : [];
