import { randomUUID } from 'node:crypto'
import type { NewProfile, Profile, ProfileChanges } from '../../shared/contract/profiles.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { CatalogInvalidator } from '../integrations/served-integration.ts'
import type { ProfilesStore, StoredProfile } from '../store/profiles-store.ts'
import type { WorkspacesService } from '../workspaces/service.ts'

interface ProfilesServiceOptions {
  store: ProfilesStore
  workspaces: Pick<WorkspacesService, 'require'>
  /** Names of the agents that have a profile. */
  agentsWith: (profileId: string) => string[]
  catalog: CatalogInvalidator
  /** Gateway names of tools that an agent gets only where somebody chose so. */
  offInNewProfiles: () => Promise<string[]>
  emitter: Emitter
}

/** How many agents are named before the rest is counted. */
const MOST_NAMED = 3

/** What agents see of a workspace. All of them are held in memory: every call of every agent asks for its own. */
export class ProfilesService {
  readonly #options: ProfilesServiceOptions
  readonly #byId = new Map<string, StoredProfile>()
  readonly #writes = new KeyedQueue()

  constructor(options: ProfilesServiceOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    for (const stored of await this.#options.store.listAll()) this.#byId.set(stored.profile.id, stored)
  }

  list(workspace: string): Profile[] {
    this.#options.workspaces.require(workspace)
    const profiles = this.#of(workspace).map(({ profile }) => profile)
    return profiles.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** The same object until it is changed. */
  find(workspace: string, id: string): Profile | undefined {
    const stored = this.#byId.get(id)
    return stored?.workspace === workspace ? stored.profile : undefined
  }

  async create(workspace: string, input: NewProfile): Promise<Profile> {
    this.#options.workspaces.require(workspace)
    const disabled_tools = input.disabled_tools ?? (await this.#options.offInNewProfiles())
    const profile = { id: randomUUID(), ...input, disabled_tools, created_at: new Date().toISOString() }
    await this.#options.store.insert({ workspace, profile })
    return this.#keep(workspace, profile)
  }

  /** Its agents see it at once, in the sessions that they have. */
  async update(workspace: string, id: string, changes: ProfileChanges): Promise<Profile> {
    return await this.#writes.run(id, async () => {
      const before = this.#require(workspace, id)
      const profile: Profile = {
        id,
        name: changes.name ?? before.name,
        integrations: changes.integrations === undefined ? before.integrations : changes.integrations,
        enabled_tools: changes.enabled_tools ?? before.enabled_tools,
        disabled_tools: changes.disabled_tools ?? before.disabled_tools,
        created_at: before.created_at,
      }
      await this.#options.store.update(profile)
      this.#keep(workspace, profile)
      this.#options.catalog.invalidate(workspace)
      return profile
    })
  }

  /** Throws `in_use` while agents have it: without it they would see everything. */
  async remove(workspace: string, id: string): Promise<void> {
    await this.#writes.run(id, async () => {
      const { name } = this.#require(workspace, id)
      const agents = this.#options.agentsWith(id)
      if (agents.length > 0) {
        const them = agents.length === 1 ? 'it' : 'them'
        const message = `${name} is the profile of ${enumerated(agents)}. Give ${them} another one first.`
        throw new AppError('in_use', { message })
      }
      await this.#erase(workspace, id)
    })
  }

  /** All of a workspace that is about to be deleted. */
  async eraseOf(workspace: string): Promise<void> {
    for (const { profile } of this.#of(workspace)) {
      await this.#writes.run(profile.id, () => this.#erase(workspace, profile.id))
    }
  }

  async close(): Promise<void> {
    await this.#writes.idle()
  }

  async #erase(workspace: string, id: string): Promise<void> {
    await this.#options.store.delete(id)
    this.#byId.delete(id)
    this.#options.emitter.emit(workspace, { type: 'profile_removed', id })
  }

  #keep(workspace: string, profile: Profile): Profile {
    this.#byId.set(profile.id, { workspace, profile })
    this.#options.emitter.emit(workspace, { type: 'profile_changed', profile })
    return profile
  }

  #of(workspace: string): StoredProfile[] {
    return [...this.#byId.values()].filter((stored) => stored.workspace === workspace)
  }

  #require(workspace: string, id: string): Profile {
    const profile = this.find(workspace, id)
    if (profile !== undefined) return profile
    throw new AppError('not_found', { message: 'There is no such profile in this workspace.' })
  }
}

function enumerated(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED)
  const more = names.length - named.length
  const parts = more > 0 ? [...named, `${more} more`] : named
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
}
