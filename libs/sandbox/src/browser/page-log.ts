import type { Protocol } from 'devtools-protocol';

const maxLines = 20;
const maxLineLength = 300;

/** What went wrong in a page, bounded: errors of its scripts, and the requests that were refused. */
export class PageLog {
  readonly #lines: string[] = [];
  readonly #refused = new Set<string>();

  addException({ exception, text, lineNumber, columnNumber }: Protocol.Runtime.ExceptionDetails): void {
    const description = exception?.description ?? String(exception?.value ?? text);
    const firstLine = description.slice(0, maxLineLength).split('\n')[0];
    this.#add(`${firstLine} (line ${lineNumber + 1}, column ${columnNumber + 1})`);
  }

  addConsole(args: readonly Pick<Protocol.Runtime.RemoteObject, 'value' | 'description'>[]): void {
    const text = args.map((arg) => String(arg.value ?? arg.description ?? '').slice(0, maxLineLength)).join(' ');
    this.#add(`console: ${text}`);
  }

  /** A tool's sentence. */
  addNote(note: string): void {
    this.#add(note.replaceAll('\n', ' '));
  }

  addRefused(url: string): void {
    if (this.#refused.size < maxLines) this.#refused.add(url.slice(0, 200));
  }

  text(): string {
    const refused = [...this.#refused];
    const sentence = `There is no network here; refused: ${refused.join(' ')}`;
    return [...this.#lines, ...(refused.length > 0 ? [sentence] : [])].join('\n');
  }

  #add(line: string): void {
    if (this.#lines.length < maxLines) this.#lines.push(line.slice(0, maxLineLength));
  }
}
