import type { IncomingMessage } from 'node:http'

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Which Host headers are ours. Threat: DNS rebinding. A page of evil.example can make its own name resolve to 127.0.0.1
 * and is then of the same origin as the gateway; only the Host header still tells. So the guard stands before routing
 * and tokens, on every path.
 */
export class HostGuard {
  readonly #allowedNames: ReadonlySet<string>

  /** `allowedHosts` are further names the gateway is reached by (`--allow-host`), with any port or with one of their own. */
  constructor(allowedHosts: readonly string[]) {
    this.#allowedNames = new Set(allowedHosts.map((host) => host.toLowerCase()))
  }

  /** `port` is the one that is listened on. A loopback name with another port belongs to another program. */
  admits(request: IncomingMessage, port: number): boolean {
    const host = request.headers.host?.toLowerCase()
    if (host === undefined) return false
    const [name, givenPort] = splitHost(host)
    if (LOOPBACK_NAMES.has(name) && Number(givenPort ?? 80) === port) return true
    return this.#allowedNames.has(name) || this.#allowedNames.has(host)
  }
}

function splitHost(host: string): [name: string, port: string | undefined] {
  const parts = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(\d{1,5}))?$/.exec(host)
  return parts === null ? [host, undefined] : [parts[1] ?? '', parts[2]]
}
