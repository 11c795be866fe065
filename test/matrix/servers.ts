import { fileURLToPath } from 'node:url'
import type { McpSettings } from '../../src/shared/contract/integrations.ts'
import { http, sse, startServer, stdio } from '../integration/upstream/harness.ts'

/** The upstreams of the matrix, all with the same behaviours. */

export const KINDS = ['modern-http', 'modern-stdio', 'legacy-http', 'legacy-stdio', 'sse'] as const
export type Kind = (typeof KINDS)[number]

const main = fileURLToPath(new URL('../servers/behaviours/main.ts', import.meta.url))

export interface Servers {
  /** Of those that are reached over HTTP. */
  url(kind: Kind): string
  settings(kind: Kind): McpSettings
  stop(): Promise<void>
}

/** Starts those that run by themselves; the gateway starts the others. */
export async function startServers(): Promise<Servers> {
  const started = await Promise.all(
    (['modern-http', 'legacy-http', 'sse'] as const).map(async (kind) => {
      const server = await startServer(process.execPath, [main, kind], {}, /http:\S+/)
      return [kind, server] as const
    }),
  )
  const running = new Map<Kind, (typeof started)[number][1]>(started)
  const url = (kind: Kind) => running.get(kind)?.said ?? ''
  return {
    url,
    settings: (kind) => {
      if (kind === 'sse') return sse(url(kind))
      return kind.endsWith('http') ? http(url(kind)) : stdio(process.execPath, [main, kind])
    },
    stop: async () => {
      for (const { stop } of running.values()) await stop()
    },
  }
}
