import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Integration } from '../../../src/shared/contract/integrations.ts'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { GatewayEvents } from '../../../src/main/incidents/gateway/gateway-events.ts'
import { weather } from '../../helpers/fake-services.ts'
import { freshIncidents, type Fixture } from './fixture.ts'

const page = { limit: 100 }
const MINUTE_MS = 60_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function integration(state: Integration['connection']['state'], more: Partial<Integration> = {}): Integration {
  const error = state === 'connected' ? null : { code: 'upstream_unavailable' as const, message: `it is ${state}` }
  return { ...weather, ...more, connection: { ...weather.connection, state, error } }
}

async function watching(present: Integration[] = [], kept?: Fixture) {
  const fixture = kept ?? (await freshIncidents())
  const emitter = new Emitter()
  const state = { present }
  const events = new GatewayEvents({
    incidents: fixture.service,
    store: fixture.store,
    emitter,
    workspaces: () => ['default'],
    integrations: () => state.present,
    log: { warn: () => undefined },
    now: () => fixture.clock.now,
  })
  const starting = events.start()
  await settled()
  await starting
  onTestFinished(() => events.close())
  const change = async (next: Integration) => {
    state.present = [next]
    emitter.emit('default', { type: 'integration_changed', integration: next })
    await settled()
  }
  const incidents = async () => (await fixture.service.list('default', {}, page)).items.reverse()
  return { ...fixture, fixture, emitter, events, state, change, incidents }
}

/** What is under way is done, with the few milliseconds that the intake waits; the minute is not over. */
async function settled(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await vi.advanceTimersByTimeAsync(5)
    await new Promise((resolve) => void setImmediate(resolve))
  }
}

async function minute(): Promise<void> {
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  await settled()
}

describe('an integration', () => {
  it('that is broken for a minute opens an incident, and resolves it when it works', async () => {
    const { change, incidents, service } = await watching([integration('connected')])
    await change(integration('error'))
    expect(await incidents()).toEqual([])
    await minute()
    expect(await incidents()).toMatchObject([
      {
        type: 'integration_state',
        severity: 'medium',
        status: 'open',
        title: 'Weather is not reachable',
        description: 'it is error',
        service: 'weather',
        labels: { integration: 'weather', state: 'error' },
      },
    ])
    await change(integration('connecting'))
    await change(integration('error'))
    await minute()
    await change(integration('quarantined'))
    await change(integration('connected'))
    const [incident] = await incidents()
    expect(incident).toMatchObject({ status: 'resolved', severity: 'high', resolved_by: 'Gatehouse' })
    const { timeline } = await service.get('default', incident?.id ?? '')
    expect(timeline.map(({ kind }) => kind)).toEqual(['opened', 'severity_changed', 'updated', 'resolved'])
  })

  it('that only stumbles is not told of', async () => {
    const { change, incidents } = await watching([integration('connected')])
    await change(integration('error'))
    await vi.advanceTimersByTimeAsync(MINUTE_MS / 2)
    await change(integration('connected'))
    await minute()
    expect(await incidents()).toEqual([])
  })

  it('that fails again and again between tries to connect is broken all the time', async () => {
    const { change, incidents } = await watching([integration('connected')])
    for (let seconds = 0; seconds < 90; seconds += 10) {
      await change(integration(seconds % 20 === 0 ? 'error' : 'connecting'))
      await vi.advanceTimersByTimeAsync(10_000)
    }
    await settled()
    expect(await incidents()).toHaveLength(1)
  })

  it('that is broken at the start is told of as well', async () => {
    const { incidents } = await watching([integration('needs_auth')])
    await minute()
    expect(await incidents()).toMatchObject([{ title: 'Weather needs somebody to sign in', severity: 'medium' }])
  })

  it.each([
    ['disabled', { status: 'disabled' } as const],
    ['removed', undefined],
  ])('that is %s has nothing wrong any more', async (_, changed) => {
    const { change, incidents, emitter, service } = await watching([integration('error')])
    await minute()
    if (changed === undefined) emitter.emit('default', { type: 'integration_removed', name: 'weather' })
    else await change(integration('error', changed))
    await settled()
    const [incident] = await incidents()
    expect(incident?.status).toBe('resolved')
    const { timeline } = await service.get('default', incident?.id ?? '')
    expect(timeline.at(-1)?.message).toMatch(/^Resolved: It was (disabled|removed)\.$/)
  })

  it('is taken up after a restart: the same incident, resolved when it works or is gone', async () => {
    const first = await watching([integration('error')])
    await minute()
    first.events.close()
    const second = await watching([integration('error')], first.fixture)
    await minute()
    expect(await second.incidents()).toMatchObject([{ status: 'open', event_count: 1 }])
    await second.change(integration('connected'))
    expect(await second.incidents()).toMatchObject([{ status: 'resolved' }])
    await second.change(integration('error'))
    await minute()
    second.events.close()
    const third = await watching([], first.fixture)
    await settled()
    expect((await third.incidents()).map(({ status }) => status)).toEqual(['resolved', 'resolved'])
  })

  it('whose news was not taken is told of later', async () => {
    const { incidents, fixture } = await watching([integration('error')])
    const { planner } = fixture
    const working = { ...planner }
    planner.plan = () => Promise.reject(new Error('disk'))
    await minute()
    expect(await incidents()).toEqual([])
    Object.assign(planner, working)
    await minute()
    await minute()
    expect(await incidents()).toMatchObject([{ status: 'open' }])
  })

  it('that was missed in a flood of changes is looked at again', async () => {
    const { emitter, state, incidents } = await watching([integration('connected')])
    state.present = [integration('error')]
    emitter.emit('default', { type: 'resync' })
    await settled()
    await minute()
    expect(await incidents()).toHaveLength(1)
  })
})

describe('a sign-in', () => {
  it('that is needed before long is an incident until somebody has signed in', async () => {
    const oauth = { signed_in_at: '2026-02-01T00:00:00.000Z', state: 'signed_in' } as NonNullable<Integration['oauth']>
    const { emitter, change, incidents, clock } = await watching([integration('connected', { oauth })])
    const message = 'Sign in again within 3 days.'
    for (const reason of ['expires_soon', 'ended'] as const) {
      emitter.emit('default', { type: 'authorization_needed', integration: 'weather', reason, message })
    }
    await settled()
    await change(integration('connected', { oauth }))
    expect(await incidents()).toMatchObject([
      { status: 'open', severity: 'medium', title: 'The sign-in to weather ends soon', description: message },
    ])
    clock.now += 1_000
    const signed_in_at = new Date(clock.now).toISOString()
    await change(integration('connected', { oauth: { ...oauth, signed_in_at } }))
    expect(await incidents()).toMatchObject([{ status: 'resolved' }])
  })
})

it('tells of tools that are described otherwise, without an incident', async () => {
  const { emitter, incidents, happenings } = await watching()
  const changed = { integration: 'weather', names: ['a', 'b'], count: 5, held: true }
  emitter.emit('default', { type: 'tool_definition_changed', ...changed })
  await settled()
  expect(await incidents()).toEqual([])
  expect(happenings).toMatchObject([
    { change: 'notice', event: { type: 'tool_definition_changed', severity: 'medium', told_by: 'weather' } },
  ])
  expect(happenings[0]?.event.description).toBe('a, b and 3 more. Agents do not get them until somebody approves them.')
})
