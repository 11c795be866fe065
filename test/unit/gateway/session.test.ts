import { describe, expect, it, vi } from 'vitest'
import type { Endpoint } from '../../../src/main/gateway/endpoints.ts'
import { KnownLists } from '../../../src/main/gateway/known-lists.ts'
import { Sessions } from '../../../src/main/gateway/session.ts'

const one = { id: 'one', name: 'one', workspace: 'default', profile: null, discoveryMode: 'full' } as const
const two = { ...one, id: 'two' }
const opened = {
  agent: one,
  slug: undefined,
  mode: undefined,
  protocolVersion: '2025-11-25',
  clientInfo: undefined,
  known: new KnownLists([], {} as Endpoint),
}

function sessionsAt(clock: { now: number }, sessionsPerAgent = 10) {
  return new Sessions({
    limits: { sessionsPerAgent, agentAnswerMs: 60_000, sessionIdleMs: 1000, coalesceMs: 10 },
    now: () => clock.now,
  })
}

describe('sessions', () => {
  it('have ids of 128 bits that never repeat', () => {
    const sessions = sessionsAt({ now: 0 }, 1000)
    const ids = Array.from({ length: 500 }, () => sessions.create(opened).id)
    expect(new Set(ids).size).toBe(500)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('belong to one agent and one endpoint', () => {
    const sessions = sessionsAt({ now: 0 })
    const { id } = sessions.create({ ...opened, slug: 'files' })
    expect(sessions.find(id, two, 'files')).toBeUndefined()
    expect(sessions.find(id, one, undefined)).toBeUndefined()
    expect(sessions.find('constructor', one, 'files')).toBeUndefined()
    expect(sessions.find(id, one, 'files')?.id).toBe(id)
  })

  it('expire when they are quiet, but not while a call runs', () => {
    const clock = { now: 0 }
    const sessions = sessionsAt(clock)
    const quiet = sessions.create(opened)
    const busy = sessions.create(opened)
    busy.calls.add({ id: Buffer.from('1'), cancel: () => undefined })
    clock.now = 1000
    sessions.endExpired()
    expect(sessions.find(quiet.id, one, undefined)).toBeUndefined()
    expect(sessions.find(busy.id, one, undefined)).toBe(busy)
  })

  it('cancel their calls when they end', () => {
    const sessions = sessionsAt({ now: 0 })
    const session = sessions.create(opened)
    const cancel = vi.fn()
    session.calls.add({ id: Buffer.from('1'), cancel })
    const other = sessions.create({ ...opened, agent: two })
    sessions.endOf('one')
    expect(cancel).toHaveBeenCalledOnce()
    expect([...sessions.all()]).toEqual([other])
    sessions.close()
    expect([...sessions.all()]).toEqual([])
  })
})
