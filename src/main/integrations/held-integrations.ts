import { AppError } from '../base/app-error.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { HeldIntegration } from './held-integration.ts'
import type { SystemRegistry } from '../system/registry.ts'

interface HeldIntegrationsOptions {
  workspaces: Pick<WorkspacesService, 'require'>
  registry: SystemRegistry
}

/** All integrations of all workspaces that are set up, by name and by id. */
export class HeldIntegrations {
  readonly #options: HeldIntegrationsOptions
  readonly #byName = new Map<string, HeldIntegration>()
  readonly #byId = new Map<string, HeldIntegration>()

  constructor(options: HeldIntegrationsOptions) {
    this.#options = options
  }

  add(held: HeldIntegration): void {
    this.#byName.set(integrationKey(held.record.workspace, held.record.name), held)
    this.#byId.set(held.record.id, held)
  }

  delete({ record }: HeldIntegration): void {
    this.#byName.delete(integrationKey(record.workspace, record.name))
    this.#byId.delete(record.id)
  }

  find(workspace: string, name: string): HeldIntegration | undefined {
    return this.#byName.get(integrationKey(workspace, name))
  }

  /** The one with this name, or why there is none. */
  require(workspace: string, name: string): HeldIntegration {
    this.#options.workspaces.require(workspace)
    const held = this.find(workspace, name)
    if (held !== undefined) return held
    const system = this.#options.registry.find(name)
    if (system !== undefined) {
      throw new AppError('invalid_input', { message: `${system.display_name} is not set up yet.`, integration: name })
    }
    throw new AppError('not_found', { message: `There is no integration named ${name} in this workspace.` })
  }

  byId(id: string): HeldIntegration | undefined {
    return this.#byId.get(id)
  }

  all(): HeldIntegration[] {
    return [...this.#byId.values()]
  }

  /** Those of one workspace, by name. */
  of(workspace: string): HeldIntegration[] {
    const held = this.all().filter(({ record }) => record.workspace === workspace)
    return held.sort((a, b) => (a.record.name < b.record.name ? -1 : 1))
  }
}

/** One name for one integration of one workspace: neither holds a slash. */
export function integrationKey(workspace: string, name: string): string {
  return `${workspace}/${name}`
}
