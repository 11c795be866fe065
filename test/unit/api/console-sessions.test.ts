import { describe, expect, it } from 'vitest'
import { ConsoleSessions } from '../../../src/main/http/console-sessions.ts'

function sessionsAt(start = 0) {
  const clock = { now: start }
  return { clock, sessions: new ConsoleSessions(() => clock.now) }
}

describe('ConsoleSessions', () => {
  it('exchanges a code once', () => {
    const { sessions } = sessionsAt()
    const code = sessions.createCode()
    const session = sessions.exchange(code)
    expect(sessions.verify(session?.token ?? '')).toBe(true)
    expect(sessions.exchange(code)).toBeUndefined()
  })

  it('takes a code for 60 s', () => {
    const { clock, sessions } = sessionsAt()
    const [early, late] = [sessions.createCode(), sessions.createCode()]
    clock.now = 59_999
    expect(sessions.exchange(early)).toBeDefined()
    clock.now = 60_000
    expect(sessions.exchange(late)).toBeUndefined()
  })

  it('keeps a session for 12 h', () => {
    const { clock, sessions } = sessionsAt()
    const session = sessions.exchange(sessions.createCode())
    expect(session?.expiresAt).toEqual(new Date(12 * 3_600_000))
    clock.now = 12 * 3_600_000 - 1
    expect(sessions.verify(session?.token ?? '')).toBe(true)
    clock.now = 12 * 3_600_000
    expect(sessions.verify(session?.token ?? '')).toBe(false)
  })

  it('knows no token that it did not give, a code included', () => {
    const { sessions } = sessionsAt()
    expect(sessions.verify(sessions.createCode())).toBe(false)
    expect(sessions.verify('')).toBe(false)
    expect(sessions.exchange('nonsense')).toBeUndefined()
  })

  it('lets the oldest code go when there are too many', () => {
    const { sessions } = sessionsAt()
    const codes = Array.from({ length: 65 }, () => sessions.createCode())
    expect(sessions.exchange(codes[0] ?? '')).toBeUndefined()
    expect(sessions.exchange(codes[1] ?? '')).toBeDefined()
  })
})
