import type { Profile } from '../../shared/contract/profiles.ts'
import type { ServedIntegration } from '../integrations/served-integration.ts'
import { Catalog, type Names } from './catalog.ts'

interface CatalogsOptions {
  served: (workspace: string) => readonly ServedIntegration[]
  names: Names
  /** Definitions of the gateway's own tools, as they stand in every full list. */
  ownTools: readonly Buffer[]
}

/** The catalogs of all workspaces, each built when it is first asked for after a change. */
export class Catalogs {
  readonly #options: CatalogsOptions
  readonly #current = new Map<string, Catalog>()

  constructor(options: CatalogsOptions) {
    this.#options = options
  }

  /** What the workspace serves, as agents with this profile see it. */
  of(workspace: string, profile: Profile | null): Catalog {
    let whole = this.#current.get(workspace)
    if (whole === undefined) {
      const { served, names, ownTools } = this.#options
      this.#current.set(workspace, (whole = new Catalog(served(workspace), names, ownTools)))
    }
    return whole.for(profile)
  }

  /** The next one is built from what is served then. */
  invalidate(workspace: string): void {
    this.#current.delete(workspace)
  }
}
