import { expect, it } from 'vitest'
import { Audit } from '../../../src/main/records/audit.ts'
import { AuditStore } from '../../../src/main/store/audit-store.ts'
import { AuditEntry } from '../../../src/shared/contract/audit.ts'
import { freshDatabase, recordedLog } from '../store/fresh-store.ts'

function entry(target: string): Omit<AuditEntry, 'id' | 'at'> {
  return { actor: 'api', action: 'integrations.update', target, fields: ['description'], outcome: 'ok' }
}

it('tells the newest change first, in pages, each workspace its own', async () => {
  const audit = new Audit({ store: new AuditStore(await freshDatabase()), log: recordedLog().log })
  for (let index = 0; index < 7; index++) audit.record('default', entry(`i-${index}`))
  audit.record('team', entry('theirs'))
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await audit.list('default', { limit: 3, cursor })
    for (const item of page.items) expect(AuditEntry.strict().parse(item)).toEqual(item)
    seen.push(...page.items.map(({ target }) => target ?? ''))
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  expect(seen).toEqual(['i-6', 'i-5', 'i-4', 'i-3', 'i-2', 'i-1', 'i-0'])
  expect((await audit.list('team', { limit: 3 })).items).toMatchObject([entry('theirs')])
  expect((await audit.list('nobody', { limit: 3 })).items).toEqual([])
})

it.each(['x', '-1', '1.5', ''])('refuses the cursor %j', async (cursor) => {
  const audit = new Audit({ store: new AuditStore(await freshDatabase()), log: recordedLog().log })
  await expect(audit.list('default', { limit: 1, cursor })).rejects.toMatchObject({
    code: 'invalid_input',
    details: [{ path: 'cursor' }],
  })
})

it('has written everything when it is closed', async () => {
  const database = await freshDatabase()
  const audit = new Audit({ store: new AuditStore(database), log: recordedLog().log })
  for (let index = 0; index < 50; index++) audit.record('default', entry(`i-${index}`))
  await audit.close()
  const rows = await database.kysely.selectFrom('audit').select('target').orderBy('id').execute()
  expect(rows.map(({ target }) => target)).toEqual(Array.from({ length: 50 }, (_, index) => `i-${index}`))
})

it('puts what it can not write into the log, and goes on', async () => {
  const database = await freshDatabase()
  const { log, lines } = recordedLog()
  const audit = new Audit({ store: new AuditStore(database), log })
  // A value that the table refuses stands for any write that fails.
  audit.record('default', { ...entry('lost'), outcome: null as unknown as string })
  audit.record('default', entry('kept'))
  expect((await audit.list('default', { limit: 10 })).items).toMatchObject([{ target: 'kept' }])
  expect(lines.join('')).toContain('a change could not be written to the audit')
  expect(lines.join('')).toContain('lost')
})
