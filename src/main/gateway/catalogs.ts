import type { ServedIntegration } from '../integrations/served-integration.ts'
import { Catalog, NamedTools } from './catalog.ts'

/** The catalogs of all workspaces, each built when it is first asked for after a change. */
export class Catalogs {
  readonly #served: (workspace: string) => readonly ServedIntegration[]
  readonly #ownTools: readonly Buffer[]
  readonly #names = new NamedTools()
  readonly #current = new Map<string, Catalog>()

  constructor(served: (workspace: string) => readonly ServedIntegration[], ownTools: readonly Buffer[]) {
    this.#served = served
    this.#ownTools = ownTools
  }

  of(workspace: string): Catalog {
    const known = this.#current.get(workspace)
    if (known !== undefined) return known
    const catalog = new Catalog(this.#served(workspace), this.#names, this.#ownTools)
    this.#current.set(workspace, catalog)
    return catalog
  }

  /** Forgets the catalog and gives it back, to be compared with the next one. Undefined: nobody has seen one yet. */
  invalidate(workspace: string): Catalog | undefined {
    const former = this.#current.get(workspace)
    this.#current.delete(workspace)
    return former
  }
}
