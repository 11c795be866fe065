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

  /** `allowedHosts` are further names the gateway is reached by (`--allow-host`), with any port or with one of their own. */
  constructor(allowedHosts: readonly string[]) {
    this.#allowedNames = new Set(allowedHosts.map((host) => host.toLowerCase()))
  }

  /** `port` is the one that is listened on. A loopback name with another port belongs to another program. */
  admits(request: IncomingMessage, port: number): boolean {
    const host = request.headers.host?.toLowerCase()
    if (host === undefined) return false
    if (LOOPBACK_NAMES.some((name) => host === `${name}:${port}`)) return true
    // Clients leave the default port out.
    if (port === DEFAULT_PORT && LOOPBACK_NAMES.includes(host)) return true
    return this.#allowedNames.has(host) || this.#allowedNames.has(withoutPort(host))
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

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '')
}
