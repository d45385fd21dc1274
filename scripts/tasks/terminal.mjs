/** An error that is printed as one plain sentence, with its exit code. */
export class Failure extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

/** The text with a full stop at its end, for another sentence to follow. */
export const sentence = (text) => text.replace(/\.?$/, '.');

/** One line of progress. Standard error, because standard output belongs to a command's data. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

export const seconds = (ms) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
