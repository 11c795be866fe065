import { vi } from 'vitest'

/** jsdom lays nothing out and tells nobody of a size: what asks for one gets no answer, and no error. */
export function stubResizeObserver(): void {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = vi.fn()
      unobserve = vi.fn()
      disconnect = vi.fn()
    },
  )
}
