/** What a command exits with. */
export const exitCodes = { done: 0, error: 1, usage: 2, belowThreshold: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error whose message is shown to the user as it is, without a stack. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, options: ErrorOptions & { exitCode?: ExitCode } = {}) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = options.exitCode ?? exitCodes.error;
  }
}

export const usageError = (message: string): CliError => new CliError(message, { exitCode: exitCodes.usage });
