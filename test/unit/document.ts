import { cleanup, configure } from '@testing-library/react'
import { afterAll, vi } from 'vitest'

/** Screens are loaded when they are opened, which takes a busy machine longer than Testing Library's own second. */
configure({ asyncUtilTimeout: 20_000 })

/** jsdom has the name of Safari without this command, which CodeMirror gives there. */
Object.assign(document, { execCommand: () => false })
// It measures texts as well, and jsdom lays none out.
Object.assign(Range.prototype, { getClientRects: () => [] })

/** Frames of jsdom end for all later tests with the first one that throws. Of these each is for itself, and a fault shows. */
Object.assign(window, {
  requestAnimationFrame: (draw: FrameRequestCallback) => Number(setTimeout(() => draw(performance.now()), 16)),
  cancelAnimationFrame: (frame: number) => clearTimeout(frame),
})

// The next file finds the document as the first one did.
afterAll(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.body.replaceChildren()
  localStorage.clear()
  window.location.hash = ''
})
