import type { IncomingMessage, ServerResponse } from 'node:http'
import { isUnder, pathOf } from './request-path.ts'
import type { Door } from './server.ts'

/** A door whose code is loaded when somebody knocks for the first time: many gateways serve agents and nobody else for days. */
export class LateDoor implements Door {
  readonly #roots: readonly string[]
  readonly #load: () => Promise<Door>
  #door: Promise<Door> | undefined

  constructor(roots: readonly string[], load: () => Promise<Door>) {
    this.#roots = roots
    this.#load = load
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request)
    if (!this.#roots.some((root) => isUnder(path, root))) return false
    this.#door ??= this.#load()
    return await (await this.#door).handle(request, response)
  }

  endStreams(): void {
    void this.#door?.then((door) => door.endStreams?.())
  }
}
