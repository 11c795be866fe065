import {
  Client as ModernSdkClient,
  StreamableHTTPClientTransport as ModernSdkTransport,
} from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

export interface Progress {
  progress: number
  total?: number | undefined
  message?: string | undefined
}

interface Following {
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
}

/** What an agent needs to do, whichever SDK it is built on. */
export interface SdkAgent {
  listTools(): Promise<{ tools: { name: string }[] }>
  callTool(call: { name: string; arguments?: Record<string, unknown> }, following?: Following): Promise<unknown>
  getServerVersion(): { name: string } | undefined
  getInstructions(): string | undefined
  close(): Promise<void>
}

export interface Connecting {
  url: string
  token: string
  onListChanged?: () => void
}

/** Connects with SDK 2 in one of its two ways. */
async function connectNewSdk(mode: 'legacy' | 'auto', { url, token, onListChanged }: Connecting): Promise<SdkAgent> {
  const client = new ModernSdkClient(
    { name: 'agent', version: '1' },
    { versionNegotiation: { mode }, ...heardBy(onListChanged) },
  )
  await client.connect(new ModernSdkTransport(new URL(url), { requestInit: requestInit(token) }))
  return {
    listTools: () => client.listTools(),
    callTool: (call, { onProgress, signal } = {}) =>
      client.callTool(call, { ...(onProgress && { onprogress: onProgress }), ...(signal && { signal }) }),
    getServerVersion: () => client.getServerVersion(),
    getInstructions: () => client.getInstructions(),
    close: () => client.close(),
  }
}

async function connectOldSdk({ url, token, onListChanged }: Connecting): Promise<SdkAgent> {
  const client = new Client({ name: 'agent', version: '1' }, heardBy(onListChanged))
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: requestInit(token) })
  await client.connect(transport)
  return {
    listTools: () => client.listTools(),
    callTool: (call, { onProgress, signal } = {}) =>
      client.callTool(call, undefined, { ...(onProgress && { onprogress: onProgress }), ...(signal && { signal }) }),
    getServerVersion: () => client.getServerVersion(),
    getInstructions: () => client.getInstructions(),
    close: () => client.close(),
  }
}

/** The clients that agents are built on, by name. */
export const SDK_AGENTS: readonly [name: string, connect: (to: Connecting) => Promise<SdkAgent>][] = [
  ['SDK 2 in the modern era', (to) => connectNewSdk('auto', to)],
  ['SDK 2 in the legacy era', (to) => connectNewSdk('legacy', to)],
  ['SDK 1', connectOldSdk],
]

export function textOf(result: unknown): string {
  const { content } = result as { content: { text?: string }[] }
  return content[0]?.text ?? ''
}

function requestInit(token: string) {
  return { headers: { Authorization: `Bearer ${token}` } }
}

function heardBy(onListChanged: (() => void) | undefined) {
  if (onListChanged === undefined) return {}
  return { listChanged: { tools: { onChanged: onListChanged, autoRefresh: false, debounceMs: 10 } } }
}
