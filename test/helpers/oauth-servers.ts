import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type {
  AuthorizationServerConfig,
  Endpoint,
  Forget,
  RecordedRequest,
  Switches,
} from '../servers/authorization/switches.ts'
import type { Answer, Order } from '../servers/oauth-servers.ts'
import type { ProtectedServerConfig, ProtectedSwitches, SeenRequest } from '../servers/protected/switches.ts'

const program = fileURLToPath(new URL('../servers/oauth-servers.ts', import.meta.url))

/** The process in which all of them are. It ends with this one, which does not wait for it. */
class Host {
  readonly #child = fork(program, [], { execArgv: [], stdio: 'inherit' })
  readonly #waiting = new Map<number, { resolve: (origin: string) => void; reject: (error: Error) => void }>()
  #orders = 0

  constructor() {
    this.#child.on('message', ({ id, origin = '', error }: Answer) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(origin)
      else waiting?.reject(new Error(error))
    })
    this.#child.once('exit', (code) => {
      if (host === this) host = undefined
      for (const { reject } of this.#waiting.values()) reject(new Error(`The servers ended with ${code}.`))
    })
    this.#child.unref()
    this.#child.channel?.unref()
  }

  ask(order: Order): Promise<string> {
    const id = this.#orders++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#child.send({ id, order }, (error) => error && reject(error))
    })
  }
}

let host: Host | undefined

async function start(order: Order) {
  const running = (host ??= new Host())
  const origin = await running.ask(order)
  const control = `${origin}/control`
  const change = async (changes: object) => {
    const answer = await fetch(control, { method: 'POST', body: JSON.stringify(changes) })
    await answer.body?.cancel()
  }
  const state = async () => (await (await fetch(control)).json()) as { requests: unknown[] }
  const stop = async () => {
    await running.ask({ stop: origin })
  }
  return { origin, change, state, stop }
}

/** oidc-provider, in another process. The caller stops it. */
export async function startAuthorizationServer(config: AuthorizationServerConfig = {}) {
  const { origin, change, state, stop } = await start({ start: 'authorization', config })
  return {
    issuer: origin + (config.path ?? ''),
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

/** An MCP server and an API that want tokens of that authorization server, in another process. The caller stops it. */
export async function startProtectedServer(config: ProtectedServerConfig) {
  const { origin, change, state, stop } = await start({ start: 'protected', config })
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
