import type { SystemAdapter } from './system-adapter.ts'

/** The code of system integrations, by the name that a registry file calls it. Complete before anything is loaded. */
export class SystemAdapters {
  readonly #byName = new Map<string, SystemAdapter>()

  add(name: string, adapter: SystemAdapter): void {
    this.#byName.set(name, adapter)
  }

  /** Undefined: the entry names none. */
  of({ adapter }: { adapter?: string | undefined }): SystemAdapter | undefined {
    return adapter === undefined ? undefined : this.#byName.get(adapter)
  }
}
