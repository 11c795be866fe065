/** Child of kill.test.ts: tells of events in the database at argv[2] and prints each that was taken, until it is killed. */
import { writeSync } from 'node:fs'
import { createLogger } from '../../../src/main/base/log.ts'
import { EventInput } from '../../../src/shared/contract/incidents.ts'
import { idsAfter } from '../../../src/main/incidents/ids-after.ts'
import { IncidentsService } from '../../../src/main/incidents/service.ts'
import { Database } from '../../../src/main/store/database.ts'
import { IncidentsStore } from '../../../src/main/store/incidents-store.ts'

const [, , file = '', first = '0'] = process.argv
const log = createLogger({ level: 'warn' })
const database = await Database.open(file, { log })
const store = new IncidentsStore(database)
const service = new IncidentsService({
  store,
  planner: {
    ready: () => Promise.resolve(),
    plan: (_transaction, _workspace, happenings) => Promise.resolve(happenings.map(() => [])),
    committed: () => undefined,
  },
  workspaces: { require: (name) => ({ name, plan: 'pro', created_at: '' }) },
  ids: idsAfter(await store.lastId()),
  emitter: { emit: () => undefined },
  log,
})
for (let number = Number(first); ; number += 10) {
  // Each key is opened, goes on and is resolved, by events that are written with those of others.
  const told = Array.from({ length: 10 }, async (_, index) => {
    const title = `event ${number + index}`
    const status = index % 3 === 2 ? 'resolved' : 'open'
    const input = EventInput.parse({ title, status, dedupe_key: `key ${Math.floor((number + index) / 3) % 20}` })
    await service.tell('default', [{ input, origin: 'api', toldBy: null }])
    writeSync(1, `${number + index}\n`)
  })
  await Promise.all(told)
}
