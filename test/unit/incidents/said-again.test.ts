import { expect, it } from 'vitest'
import { freshIncidents } from './fixture.ts'

const said = {
  dedupe_key: 'disk',
  description: 'Four percent left.',
  service: 'db',
  source: 'monitor',
  labels: { host: 'a' },
  links: [{ url: 'https://runbook.example/disk', title: 'Runbook' }],
}

it('keeps what an event of the same key does not say again', async () => {
  const { service, happenings, tell } = await freshIncidents()
  const { incident_id } = await tell(said)
  await tell({ dedupe_key: 'disk' })
  expect(happenings.map(({ change }) => change)).toEqual(['opened', 'repeated'])
  expect(await service.get('default', incident_id ?? '')).toMatchObject(said)
})

it('empties what a person empties', async () => {
  const { service, tell } = await freshIncidents()
  const { incident_id } = await tell(said)
  const changed = await service.update('default', incident_id ?? '', { description: '' })
  expect(changed).toMatchObject({ ...said, description: '' })
})
