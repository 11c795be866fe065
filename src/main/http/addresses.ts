const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

interface AddressesOptions {
  /** What is listened on. */
  host: string
  /** Asked each time: the listener can move. */
  port: () => number
  /** A single-use code for a browser console. */
  createCode: () => string
}

/** Where the gateway is reached. */
export class Addresses {
  readonly #options: AddressesOptions

  constructor(options: AddressesOptions) {
    this.#options = options
  }

  get mcp_url(): string {
    return `${this.#origin}/mcp`
  }

  get api_url(): string {
    return `${this.#origin}/api/v1`
  }

  /** Where an Alertmanager sends to. */
  get alertmanager_url(): string {
    return `${this.#origin}/hooks/alertmanager`
  }

  get events_url(): string {
    return `${this.#origin}/hooks/events`
  }

  /** One incident in the console, or all of them. */
  incidents(workspace: string, incidentId?: string): string {
    const incident = incidentId === undefined ? {} : { incident: incidentId }
    return `${this.#origin}/#/incidents?${new URLSearchParams({ ...incident, workspace }).toString()}`
  }

  /** With a code in it that is good once. Callers take it out of the object. */
  readonly console_url = (): string => `${this.#origin}/#code=${this.#options.createCode()}`

  get #origin(): string {
    const { host, port } = this.#options
    // "Every address" is none to connect to: from this machine the loopback one is.
    const name = ANY_ADDRESS.has(host) ? '127.0.0.1' : host
    return `http://${name.includes(':') ? `[${name}]` : name}:${port()}`
  }
}
