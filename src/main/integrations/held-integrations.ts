import type { HeldIntegration } from './held-integration.ts'

/** All custom integrations of all workspaces, by name and by id. */
export class HeldIntegrations {
  readonly #byName = new Map<string, HeldIntegration>()
  readonly #byId = new Map<string, HeldIntegration>()

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
