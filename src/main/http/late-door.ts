import type { IncomingMessage, ServerResponse } from 'node:http'
import { Late } from '../base/late.ts'
import { isUnder, pathOf } from './request-path.ts'
import type { Door } from './server.ts'

/** A door whose code is loaded when somebody knocks for the first time: many gateways serve agents and nobody else for days. */
export class LateDoor implements Door {
  readonly #roots: readonly string[] | 'all'
  readonly #door: Late<Door>

  /** `all`: whatever is asked for, also what is no path. */
  constructor(roots: readonly string[] | 'all', load: () => Promise<Door>) {
    this.#roots = roots
    this.#door = new Late(load)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (!this.#answers(pathOf(request))) return false
    const door = await this.#door.get()
    return await door.handle(request, response)
  }

  endStreams(): void {
    void this.#door.ifMade((door) => door.endStreams?.())
  }

  #answers(path: string): boolean {
    return this.#roots === 'all' || this.#roots.some((root) => isUnder(path, root))
  }
}
