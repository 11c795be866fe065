/** Child of kill.test.ts: adds agents to the database at argv[2] and prints each committed number, until it is killed. */
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { createLogger } from '../../../src/main/base/log.ts'
import { AgentsStore } from '../../../src/main/store/agents-store.ts'
import { Database } from '../../../src/main/store/database.ts'

const database = await Database.open(process.argv[2] ?? '', { log: createLogger({ level: 'warn' }) })
const agents = new AgentsStore(database)
const first = (await agents.listAll()).length
const createdAt = new Date().toISOString()
for (let number = first; ; number++) {
  await agents.insert({
    id: String(number),
    workspace: 'default',
    name: `agent ${number}`,
    tokenSha256: randomBytes(32),
    profileId: null,
    discoveryMode: null,
    createdAt,
    lastSeenAt: null,
  })
  // Unbuffered, so that what was printed was committed and what was committed is soon printed.
  writeSync(1, `${number}\n`)
}
