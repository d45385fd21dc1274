import { McpServer } from '@modelcontextprotocol/server';
import { version } from '../settings/version.ts';
import { getTool } from './get-tool.ts';
import { refineTool } from './refine-tool.ts';
import { renderTool } from './render-tool.ts';
import { scoreTool } from './score-tool.ts';
import type { ServerConnection } from './server-connection.ts';
import { callOf, explained, type Tool } from './tool.ts';

const tools = [refineTool, renderTool, scoreTool, getTool] as Tool[];

/** A server of the Model Context Protocol, whose tools are calls to a Pentimento server. */
export function createMcpServer(connection: ServerConnection): McpServer {
  const server = new McpServer({ name: 'pentimento', title: 'Pentimento', version });
  for (const { name, title, description, input, readOnly, run } of tools) {
    const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false };
    server.registerTool(name, { title, description, inputSchema: input, annotations }, (values, context) =>
      connection
        .call((client) => run(values, callOf(client, context)))
        .catch((error: unknown) => {
          throw explained(error);
        }),
    );
  }
  return server;
}
