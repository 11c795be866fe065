import type { IncomingMessage } from 'node:http'

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']
const DEFAULT_PORT = 80

/**
 * Which Host headers are ours. Threat: DNS rebinding. A page of evil.example can make its own name resolve to 127.0.0.1
 * and is then of the same origin as the gateway; only the Host header still tells. So the guard stands before routing
 * and tokens, on every path.
 */
export class HostGuard {
  readonly #allowedNames: ReadonlySet<string>
  /** Our own, for the port that was asked about last. */
  #own: { port: number; hosts: readonly string[] } = { port: 0, hosts: [] }

  /** `allowedHosts` are further names the gateway is reached by (`--allow-host`), with any port or with one of their own. */
  constructor(allowedHosts: readonly string[]) {
    this.#allowedNames = new Set(allowedHosts.map((host) => host.toLowerCase()))
  }

  /** `port` is the one that is listened on. A loopback name with another port belongs to another program. */
  admits(request: IncomingMessage, port: number): boolean {
    const given = request.headers.host
    if (given === undefined) return false
    if (this.#own.port !== port) this.#own = { port, hosts: ownHosts(port) }
    if (this.#own.hosts.includes(given)) return true
    const host = given.toLowerCase()
    return this.#own.hosts.includes(host) || this.#allowedNames.has(host) || this.#allowedNames.has(withoutPort(host))
  }

  /** Whether this address leads back here. One of our names with another port may be another program. */
  isOwn({ protocol, hostname, port: given }: URL, port: number): boolean {
    const standard = protocol === 'https:' ? '443' : '80'
    return (
      (given === '' ? standard : given) === String(port) &&
      (LOOPBACK_NAMES.includes(hostname) || this.#allowedNames.has(hostname))
    )
  }
}

function ownHosts(port: number): string[] {
  const hosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`)
  // Clients leave the default port out.
  return port === DEFAULT_PORT ? [...hosts, ...LOOPBACK_NAMES] : hosts
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '')
}
