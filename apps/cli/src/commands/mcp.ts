import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { uploadLimits } from '@pentimento/contracts';
import { createMcpServer } from '../mcp/mcp-server.ts';
import { ServerConnection } from '../mcp/server-connection.ts';
import { exitCodes, type ExitCode } from '../terminal/cli-error.ts';
import { aborted, watchInterrupts } from '../terminal/interrupts.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** An image as a data URL in base64, with room for code. */
const maxMessageBytes = 2 * uploadLimits.bytes;

export interface McpOptions {
  server?: string;
}

/**
 * Serves the Model Context Protocol on standard input and output until the input ends or the command is interrupted. Standard output
 * carries the protocol alone.
 */
export async function mcp({ server: option }: McpOptions, terminal: Terminal): Promise<ExitCode> {
  using interrupts = watchInterrupts(terminal);
  const connection = new ServerConnection({ option, terminal });
  const inputEnded = new Promise((resolve) => process.stdin.once('end', resolve).once('close', resolve));
  const handle = serveStdio(() => createMcpServer(connection), {
    transport: new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: maxMessageBytes }),
    onerror: (error) => terminal.progress(error.message),
  });
  await Promise.race([inputEnded, aborted(interrupts.first)]);
  await handle.close();
  await connection.close();
  return exitCodes.done;
}
