import type { z } from 'zod'
import type { Workspace } from '../../shared/contract/workspaces.ts'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import type { WorkspacesStore } from '../store/workspaces-store.ts'

type WorkspaceInput = Pick<z.infer<typeof Workspace>, 'name' | 'plan'>

/** What is in a workspace belongs to services that know this one; they are asked when it is to be deleted. */
export interface WorkspaceContents {
  /** What keeps it from being deleted. */
  count(workspace: string): { integrations: number; agents: number }
  /** Erases what means nothing without it. */
  erase(workspace: string): Promise<void>
}

interface WorkspacesServiceOptions {
  store: WorkspacesStore
  contents: WorkspaceContents
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

  /** Only an empty one: what is in it is deleted knowingly, not along with it. */
  async remove(name: string): Promise<void> {
    this.require(name)
    if (name === DEFAULT_WORKSPACE) {
      throw new AppError('in_use', {
        message: `The workspace ${name} can not be deleted: it is where everything starts.`,
      })
    }
    const { integrations, agents } = this.#options.contents.count(name)
    const holds = [counted(integrations, 'integration'), counted(agents, 'agent')].filter((text) => text !== '')
    if (holds.length > 0) {
      const message = `${name} still holds ${holds.join(' and ')}. Delete ${integrations + agents === 1 ? 'it' : 'them'} first.`
      throw new AppError('in_use', { message })
    }
    await this.#options.contents.erase(name)
    await this.#options.store.delete(name)
    this.#byName.delete(name)
    this.#options.emitter.emitToAll({ type: 'workspace_removed', name })
  }

  #keep(workspace: Workspace): Workspace {
    this.#byName.set(workspace.name, workspace)
    this.#options.emitter.emitToAll({ type: 'workspace_changed', workspace })
    return workspace
  }
}

function counted(count: number, thing: string): string {
  return count === 0 ? '' : `${count} ${thing}${count === 1 ? '' : 's'}`
}
