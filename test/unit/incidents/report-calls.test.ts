import { describe, expect, it } from 'vitest'
import { ReportCalls } from '../../../src/main/incidents/report-tools/report-calls.ts'
import { ReportRate, READS } from '../../../src/main/incidents/report-tools/report-rate.ts'
import { freshIncidents } from './fixture.ts'

async function calls() {
  const fixture = await freshIncidents()
  const clock = { now: 0 }
  const reports = new ReportRate(() => clock.now)
  const reads = new ReportRate(() => clock.now, READS)
  const made = new ReportCalls({ incidents: fixture.service, rates: { reports, reads } })
  const call = async (tool: string, args: unknown = {}, agent: string | null = 'claude') => {
    const result = await made.call({ workspace: 'default', agent }, tool, args)
    if (result === undefined) throw new Error(`There is no ${tool}.`)
    return 'text' in result ? result.text : result.structured
  }
  return { ...fixture, clock, call }
}

describe('an agent that reads', () => {
  it('may do so thirty times at once, apart from what it reports; a person is not held up', async () => {
    const { call, clock } = await calls()
    for (let index = 0; index < 30; index++) expect(await call('list_incidents')).toMatchObject({ total: 0 })
    const refusal = 'Too many searches in a minute. Call again in 1 s.'
    expect(await call('list_incidents')).toBe(refusal)
    expect(await call('list_incidents', {}, 'other')).toMatchObject({ total: 0 })
    expect(await call('list_incidents', {}, null)).toMatchObject({ total: 0 })
    expect(await call('report_incident', { title: 'x' })).toMatchObject({ is_new: true })
    clock.now += 500
    expect(await call('list_incidents')).toMatchObject({ total: 1 })
    expect(await call('list_incidents')).toBe(refusal)
  })

  it('gets the beginning of long labels', async () => {
    const { call } = await calls()
    const labels = { short: 'x', long: 'y'.repeat(4_000) }
    await call('report_incident', { title: 'x', labels })
    const cut = { short: 'x', long: `${'y'.repeat(299)}…` }
    expect(await call('list_incidents')).toMatchObject({ incidents: [{ labels: cut }] })
  })
})

it('is told which keys are not its own to give', async () => {
  const { call } = await calls()
  const refused = await call('report_incident', { title: 'x', dedupe_key: 'prometheus:a:b' })
  expect(refused).toMatch(/^A dedupe_key that begins with "prometheus:" is given by Gatehouse alone\./)
  expect(await call('list_incidents')).toMatchObject({ total: 0 })
})
