interface RemoteValue {
  value?: unknown;
  description?: string;
}

interface ExceptionDetails {
  text: string;
  lineNumber: number;
  columnNumber: number;
  exception?: RemoteValue;
}

const maxLines = 20;
const maxLine = 300;

/** What a page had to say, bounded: its script errors, and what it wanted from the network. */
export class PageLog {
  readonly #lines: string[] = [];
  readonly #refused = new Set<string>();

  exception(details: ExceptionDetails): void {
    const said = details.exception?.description ?? String(details.exception?.value ?? details.text);
    this.#add(
      `${said.slice(0, maxLine).split('\n')[0]} (line ${details.lineNumber + 1}, column ${details.columnNumber + 1})`,
    );
  }

  console(args: RemoteValue[]): void {
    const said = args.map((arg) => String(arg.value ?? arg.description ?? '').slice(0, maxLine)).join(' ');
    this.#add(`console: ${said}`);
  }

  refused(url: string): void {
    if (this.#refused.size < maxLines) this.#refused.add(url.slice(0, 200));
  }

  text(): string {
    const refused = [...this.#refused];
    const sentence = `There is no network here; refused: ${refused.join(' ')}`;
    return [...this.#lines, ...(refused.length > 0 ? [sentence] : [])].join('\n');
  }

  #add(line: string): void {
    if (this.#lines.length < maxLines) this.#lines.push(line.slice(0, maxLine));
  }
}
