import type { z } from 'zod'
import type { Workspace } from '../../shared/contract/workspaces.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import type { WorkspacesStore } from '../store/workspaces-store.ts'

type WorkspaceInput = Pick<z.infer<typeof Workspace>, 'name' | 'plan'>

interface WorkspacesServiceOptions {
  store: WorkspacesStore
  emitter: Emitter
}

/** Tenants and their plans. Held in memory, because every request asks for one. */
export class WorkspacesService {
  readonly #options: WorkspacesServiceOptions
  readonly #byName = new Map<string, Workspace>()

  constructor(options: WorkspacesServiceOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    for (const workspace of await this.#options.store.list()) this.#byName.set(workspace.name, workspace)
  }

  list(): Workspace[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** The workspace, or `not_found`. */
  require(name: string): Workspace {
    const workspace = this.#byName.get(name)
    if (workspace === undefined) throw new AppError('not_found', { message: `There is no workspace named ${name}.` })
    return workspace
  }

  async create({ name, plan }: WorkspaceInput): Promise<Workspace> {
    const workspace = { name, plan, created_at: new Date().toISOString() }
    await this.#options.store.insert(workspace)
    return this.#keep(workspace)
  }

  /** Changes the plan. What is connected keeps serving; what may be written changes at once. */
  async update({ name, plan }: WorkspaceInput): Promise<Workspace> {
    const workspace = { ...this.require(name), plan }
    await this.#options.store.setPlan(name, plan)
    return this.#keep(workspace)
  }

  #keep(workspace: Workspace): Workspace {
    this.#byName.set(workspace.name, workspace)
    this.#options.emitter.emit(workspace.name, { type: 'workspace_changed', workspace })
    return workspace
  }
}
