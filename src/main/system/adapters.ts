import { Late } from '../base/late.ts'
import type { SystemAdapter } from './system-adapter.ts'

/** The code of system integrations, by the name that a registry file calls it: loaded where one is set up or asked about. */
export class SystemAdapters {
  readonly #byName: ReadonlyMap<string, Late<SystemAdapter>>

  constructor(loaders: Readonly<Record<string, () => Promise<SystemAdapter>>>) {
    this.#byName = new Map(Object.entries(loaders).map(([name, load]) => [name, new Late(load)]))
  }

  /** Undefined: the entry names none. */
  async of({ adapter }: { adapter?: string | undefined }): Promise<SystemAdapter | undefined> {
    return adapter === undefined ? undefined : await this.#byName.get(adapter)?.get()
  }
}
