/** What a command ends with. */
export const exitCodes = { done: 0, error: 1, usage: 2, belowThreshold: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A fault that is told to the user in its own words, without a stack. */
export class Fault extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, options: ErrorOptions & { exitCode?: ExitCode } = {}) {
    super(message, options);
    this.name = 'Fault';
    this.exitCode = options.exitCode ?? exitCodes.error;
  }
}

export const usageFault = (message: string): Fault => new Fault(message, { exitCode: exitCodes.usage });
