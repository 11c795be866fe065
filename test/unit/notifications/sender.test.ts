import { expect, it, onTestFinished, vi } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { Sender } from '../../../src/main/notifications/sender.ts'

const MANY = 50

/** A sender whose outbox has many parts of one kind of work, and counts those that were done. */
function sender(busyWith: 'deleteFinished' | 'release' | 'reconsider' | 'repeats') {
  const done = { count: 0 }
  const more = (kind: string) => kind === busyWith && ++done.count < MANY
  const delivery = { id: 'd', state: 'withdrawn', channelId: 'c', workspace: 'default', rules: [], action: 'open' }
  const parts = {
    clock: { now: () => 0, monotonic: () => 0 },
    log: createLogger({ level: 'silent' }),
    channels: { forgetRetriesAfter: () => undefined, find: () => undefined, all: () => [] },
    outbox: { recover: () => Promise.resolve([]), close: () => undefined },
    due: {
      deleteFinished: () => Promise.resolve(more('deleteFinished') ? 200 : 0),
      release: () => Promise.resolve(more('release') ? [delivery] : []),
      reconsider: () => Promise.resolve({ changed: [], next: more('reconsider') ? 1 : undefined }),
      next: () => Promise.resolve(undefined),
    },
    repeats: {
      run: () => Promise.resolve({ deliveries: [], more: more('repeats') }),
      bringForward: () => Promise.resolve(),
      after: () => null,
    },
    holds: { anew: () => undefined, atItsTime: () => undefined },
    changed: () => undefined,
  }
  const made = new Sender(parts as unknown as ConstructorParameters<typeof Sender>[0])
  onTestFinished(() => made.close())
  return { made, done }
}

it.each(['deleteFinished', 'release', 'reconsider', 'repeats'] as const)(
  'agents are served between two parts of what is much: %s',
  async (work) => {
    const { made, done } = sender(work)
    let doneBefore: number | undefined
    setImmediate(() => (doneBefore = done.count))
    await made.start()
    await vi.waitFor(() => expect(done.count).toBe(MANY))
    expect(doneBefore).toBeLessThan(MANY)
  },
)
