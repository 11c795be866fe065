import { expect, it } from 'vitest'
import { freshIncidents } from './fixture.ts'

it('an incident whose key is a number is found by it, and not the one that counts so', async () => {
  const { service, tell } = await freshIncidents()
  await tell({ dedupe_key: 'first' })
  await tell({ dedupe_key: '1', title: 'ticket 1' })
  const title = async (reference: string) => (await service.find('default', reference))?.title
  expect([await title('1'), await title('#1'), await title('2'), await title('#2')]).toEqual([
    'ticket 1',
    'Disk full',
    'ticket 1',
    'ticket 1',
  ])
  await tell({ dedupe_key: '4711', title: 'ticket 4711' })
  expect([await title('4711'), await title('#4711')]).toEqual(['ticket 4711', undefined])
})
