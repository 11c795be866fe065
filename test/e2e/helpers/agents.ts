import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client'
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { onTestFinished } from 'vitest'

/** What an agent does, whichever SDK it is built on. */
export interface Agent {
  toolNames(): Promise<string[]>
  /** The text of the first content block. */
  call(name: string, args?: Record<string, unknown>): Promise<string>
}

/** One agent of each generation, as their makers wrote them, with this token. They leave with the test. */
export async function connectAgents(mcpUrl: string, token: string): Promise<{ modern: Agent; legacy: Agent }> {
  const requestInit = { headers: { Authorization: `Bearer ${token}` } }
  const info = { name: 'e2e-agent', version: '1' }
  const modern = new ModernClient(info, { versionNegotiation: { mode: 'auto' } })
  await modern.connect(new ModernTransport(new URL(mcpUrl), { requestInit }))
  const legacy = new LegacyClient(info)
  await legacy.connect(new LegacyTransport(new URL(mcpUrl), { requestInit }))
  onTestFinished(async () => {
    await modern.close()
    await legacy.close()
  })
  return {
    modern: {
      toolNames: async () => (await modern.listTools()).tools.map(({ name }) => name),
      call: async (name, args = {}) => textOf(await modern.callTool({ name, arguments: args })),
    },
    legacy: {
      toolNames: async () => (await legacy.listTools()).tools.map(({ name }) => name),
      call: async (name, args = {}) => textOf(await legacy.callTool({ name, arguments: args })),
    },
  }
}

function textOf(result: Record<string, unknown>): string {
  const [block] = result.content as { text?: string }[]
  return block?.text ?? ''
}
