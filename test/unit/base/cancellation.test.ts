import { describe, expect, it } from 'vitest'
import { abortSignalOf, Cancellation, type CancelSignal } from '../../../src/main/base/cancellation.ts'

/** Both kinds, which have to behave alike. */
const kinds: [string, () => { signal: CancelSignal; abort: () => void }][] = [
  [
    'a Cancellation',
    () => {
      const cancellation = new Cancellation()
      return { signal: cancellation, abort: () => cancellation.abort() }
    },
  ],
  [
    'an AbortSignal',
    () => {
      const controller = new AbortController()
      return { signal: controller.signal, abort: () => controller.abort() }
    },
  ],
]

describe.each(kinds)('%s', (_kind, create) => {
  it('tells its listeners once, in their order, with a reason', () => {
    const { signal, abort } = create()
    const told: string[] = []
    for (const name of ['one', 'two']) {
      signal.addEventListener('abort', () => told.push(`${name} ${signal.aborted} ${(signal.reason as Error).name}`), {
        once: true,
      })
    }
    expect(signal.aborted).toBe(false)
    signal.throwIfAborted()
    abort()
    abort()
    expect(told).toEqual(['one true AbortError', 'two true AbortError'])
    expect(() => signal.throwIfAborted()).toThrow(expect.objectContaining({ name: 'AbortError' }))
  })

  it('tells nobody who has left or comes too late', () => {
    const { signal, abort } = create()
    const told: string[] = []
    const left = () => told.push('left')
    signal.addEventListener('abort', left)
    signal.addEventListener('abort', () => told.push('stayed'))
    signal.removeEventListener('abort', left)
    signal.removeEventListener('abort', left)
    abort()
    signal.addEventListener('abort', () => told.push('late'))
    expect(told).toEqual(['stayed'])
  })

  it('is there as a real one, before and after', () => {
    const { signal, abort } = create()
    const native = abortSignalOf(signal)
    expect(native).toBeInstanceOf(AbortSignal)
    expect(native.aborted).toBe(false)
    abort()
    expect(native.aborted).toBe(true)
    expect(abortSignalOf(signal)).toBe(native)
    const { signal: over, abort: end } = create()
    end()
    expect(abortSignalOf(over).reason).toBe(over.reason)
  })
})
