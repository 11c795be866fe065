import { fileURLToPath } from 'node:url'
import { startServer } from '../integration/upstream/harness.ts'
import type {
  AuthorizationServerConfig,
  Endpoint,
  Forget,
  RecordedRequest,
  Switches,
} from '../servers/authorization/switches.ts'
import type { ProtectedServerConfig, ProtectedSwitches, SeenRequest } from '../servers/protected/switches.ts'

const programOf = (name: string) => fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url))

async function start(name: string, config: object) {
  const { said, stop } = await startServer(process.execPath, [programOf(name), JSON.stringify(config)], {}, /\{.*\}/)
  const ready = JSON.parse(said) as { control: string }
  const change = async (changes: object) => {
    const answer = await fetch(ready.control, { method: 'POST', body: JSON.stringify(changes) })
    await answer.body?.cancel()
  }
  const state = async () => (await (await fetch(ready.control)).json()) as { requests: unknown[] }
  return { ready, change, state, stop }
}

/** oidc-provider in a process of its own. The caller stops it. */
export async function startAuthorizationServer(config: AuthorizationServerConfig = {}) {
  const { ready, change, state, stop } = await start('oidc-provider-server', config)
  const { issuer } = ready as unknown as { issuer: string }
  return {
    issuer,
    change: (changes: Partial<Switches> & Forget) => change(changes),
    /** Everything that was asked of it, or of one endpoint, in order. */
    requests: async (endpoint?: Endpoint): Promise<RecordedRequest[]> => {
      const requests = (await state()).requests as RecordedRequest[]
      return endpoint === undefined ? requests : requests.filter((request) => request.endpoint === endpoint)
    },
    stop,
  }
}
export type AuthorizationServerProcess = Awaited<ReturnType<typeof startAuthorizationServer>>

/** An MCP server and an API that want tokens of that authorization server, in a process of their own. The caller stops it. */
export async function startProtectedServer(config: ProtectedServerConfig) {
  const { ready, change, state, stop } = await start('protected-mcp-server', config)
  const { origin } = ready as unknown as { origin: string }
  return {
    origin,
    /** Streamable HTTP with sessions. */
    url: `${origin}/mcp`,
    /** HTTP+SSE. */
    sseUrl: `${origin}/sse`,
    /** Streamable HTTP of both eras, without sessions. */
    modernUrl: `${origin}/modern`,
    /** Base URL of the API. */
    apiUrl: `${origin}/api`,
    change: (changes: Partial<ProtectedSwitches>) => change(changes),
    requests: async () => (await state()).requests as SeenRequest[],
    stop,
  }
}
export type ProtectedServerProcess = Awaited<ReturnType<typeof startProtectedServer>>
