import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { sdkServer } from './sdk-server.ts'

/** A server as people have them, on the SDK: what takes its time to start. */

await sdkServer('bench').connect(new StdioServerTransport())
