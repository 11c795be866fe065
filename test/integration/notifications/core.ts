import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { createLogger } from '../../../src/main/base/log.ts'
import { idsAfter } from '../../../src/main/incidents/ids-after.ts'
import { IncidentsService } from '../../../src/main/incidents/service.ts'
import { notificationServices } from '../../../src/main/notification-services.ts'
import type { AdapterLoaders } from '../../../src/main/notifications/adapters.ts'
import type { Clock } from '../../../src/main/notifications/clock.ts'
import { Database } from '../../../src/main/store/database.ts'
import { IncidentsStore } from '../../../src/main/store/incidents-store.ts'
import { MetaStore } from '../../../src/main/store/meta-store.ts'
import { SecretsStore } from '../../../src/main/store/secrets-store.ts'
import { Vault } from '../../../src/main/vault/vault.ts'
import { EventInput, type EventGiven } from '../../../src/shared/contract/incidents.ts'
import { NewChannel } from '../../../src/shared/contract/channels.ts'
import { NewRule } from '../../../src/shared/contract/rules.ts'

interface CoreOptions {
  folder?: string
  vaultKey?: Buffer
  clock?: Clock
  random?: () => number
  loaders?: AdapterLoaders
}

export type Core = Awaited<ReturnType<typeof startCore>>
const workspace = { name: 'default', plan: 'enterprise', created_at: '' } as const

/** The real database, vault, intake, rules and outbox, without the doors: what the app composes of them. */
export async function startCore(options: CoreOptions = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'gatehouse-outbox-')))
  const log = createLogger({ level: 'silent' })
  const database = await Database.open(join(folder, 'gatehouse.db'), { log })
  const emitter = new Emitter()
  const vault = new Vault({
    settings: { backend: 'key', key: options.vaultKey ?? randomBytes(32) },
    keychain: {
      get: () => Promise.resolve(undefined),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(),
    } as never,
    meta: new MetaStore(database),
    secrets: new SecretsStore(database),
    emitter,
    redactor: log.redactor,
  })
  await vault.open()
  const workspaces = { require: () => workspace }
  const notifications = await notificationServices({
    database,
    vault,
    workspaces,
    access: () => undefined,
    listening: () => undefined,
    linkTo: () => null,
    emitter,
    log,
    ...(options.clock && { clock: options.clock }),
    ...(options.loaders && { loaders: options.loaders }),
    random: options.random ?? (() => 0.01),
  })
  const store = new IncidentsStore(database)
  const ids = idsAfter(await store.lastId())
  const now = options.clock && (() => options.clock?.now() ?? 0)
  const incidents = new IncidentsService({
    store,
    planner: notifications.planner,
    workspaces,
    ids,
    emitter,
    log,
    ...(now && { now }),
  })
  await notifications.start()
  return {
    ...notifications,
    folder,
    database,
    vault,
    emitter,
    incidents,
    log,
    report: (event: EventGiven) => incidents.report('default', EventInput.parse(event), 'api'),
    webhook: (url: string, given: object = {}, webhook: object = {}) =>
      notifications.channels.create(
        'default',
        NewChannel.parse({ kind: 'webhook', name: 'hook', webhook: { url, ...webhook }, ...given }),
      ),
    rule: (channels: string[], given: object = {}) =>
      notifications.rules.create(
        'default',
        NewRule.parse({ name: 'all', when: { types: ['incident'] }, channels, ...given }),
      ),
    list: async (filter = {}) => (await notifications.deliveries.list('default', filter, { limit: 500 })).items,
    async close({ keep = false } = {}) {
      await incidents.close()
      await notifications.close()
      vault.close()
      emitter.close()
      await database.close()
      if (!keep) await rm(folder, { recursive: true, force: true })
    },
  }
}
