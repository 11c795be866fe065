import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ProfilesService } from '../../../src/main/agents/profiles.ts'
import { AgentsService } from '../../../src/main/agents/service.ts'
import { Emitter } from '../../../src/main/base/emitter.ts'
import type { Logger } from '../../../src/main/base/log.ts'
import { AgentsStore } from '../../../src/main/store/agents-store.ts'
import { Database } from '../../../src/main/store/database.ts'
import { ProfilesStore } from '../../../src/main/store/profiles-store.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'
import type { DiscoveryMode } from '../../../src/shared/contract/agents.ts'
import { NewProfile, type Profile } from '../../../src/shared/contract/profiles.ts'
import { WorkspacesService } from '../../../src/main/workspaces/service.ts'
import { recordedLog, temporaryFolder } from '../store/fresh-store.ts'
import { emptyWorkspaces } from '../workspaces/empty-workspaces.ts'

export interface Started {
  agents: AgentsService
  profiles: ProfilesService
  database: Database
  emitter: Emitter
  log: Logger
  /** Of which agents and leases the gateway was told to end the sessions. */
  ended: string[]
  /** Workspaces whose lists the gateway was told to build anew. */
  invalidated: string[]
  /** What the settings say. */
  settings: { discoveryMode: DiscoveryMode }
  stop(): Promise<void>
}

export function freshFile(): string {
  return join(temporaryFolder(), 'gatehouse.db')
}

/** Agents and profiles on a real store, with the workspaces `default` and `other`; only the gateway is a fake. */
export async function startAgents(file: string): Promise<Started> {
  const { log } = recordedLog()
  const database = await Database.open(file, { log })
  const emitter = new Emitter()
  const ended: string[] = []
  const invalidated: string[] = []
  const settings: Started['settings'] = { discoveryMode: 'full' }
  const gateway = {
    endSessionsOf: (id: string) => void ended.push(id),
    invalidate: (workspace: string) => void invalidated.push(workspace),
  }
  const workspaces = new WorkspacesService({ store: new WorkspacesStore(database), contents: emptyWorkspaces, emitter })
  await workspaces.start()
  if (!workspaces.list().some(({ name }) => name === 'other')) await workspaces.create({ name: 'other', plan: 'free' })
  const profiles = new ProfilesService({
    store: new ProfilesStore(database),
    workspaces,
    agentsWith: (id) => agents.namesWith(id),
    catalog: gateway,
    offInNewProfiles: () => Promise.resolve(['slack__post_message']),
    emitter,
  })
  await profiles.start()
  const agents: AgentsService = new AgentsService({
    store: new AgentsStore(database),
    workspaces,
    profiles,
    gateway,
    defaultDiscoveryMode: () => settings.discoveryMode,
    emitter,
    log,
  })
  await agents.start()
  let running = true
  const stop = async () => {
    if (!running) return
    running = false
    await agents.close()
    await profiles.close()
    await database.close()
  }
  onTestFinished(stop)
  return { agents, profiles, database, emitter, log, ended, invalidated, settings, stop }
}

/** Input as a door would parse it. */
export function profileInput(fields: Partial<Profile> = {}): NewProfile {
  return NewProfile.parse({ name: 'Readers', ...fields })
}
