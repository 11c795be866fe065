import type { Connector } from './connector.ts'
import type { Retry } from './retry.ts'
import { StdioTransport } from './stdio.ts'

/**
 * The processes of one attempt to connect: a server that leaves because of the first question is started a second time
 * for the older one. One that always leaves would do so twice an attempt, so each exit counts.
 */
export class Attempt {
  readonly connector: Connector
  #process: StdioTransport | undefined
  #exits = 0

  constructor(connector: Connector, retry: Pick<Retry, 'isLast'>) {
    this.connector = {
      ...connector,
      open: () => {
        const crash = this.#process?.crash
        if (crash !== undefined) {
          if (retry.isLast(this.#exits + 1)) throw crash
          this.#exits++
        }
        const transport = connector.open()
        this.#process = transport instanceof StdioTransport ? transport : undefined
        return transport
      },
    }
  }

  /** The one that was started last. */
  get process(): StdioTransport | undefined {
    return this.#process
  }

  /** Exits before the last process. */
  get exits(): number {
    return this.#exits
  }

  /** It came up: whoever left before did so because of a question that is not asked again. */
  cameUp(): void {
    this.#exits = 0
  }
}
