import { cleanup, configure } from '@testing-library/react'
import { afterAll, vi } from 'vitest'

/** Screens are loaded when they are opened, which takes a busy machine longer than Testing Library's own second. */
configure({ asyncUtilTimeout: 20_000 })

/**
 * jsdom has the name of Safari without this command, which CodeMirror gives there in a frame. One that throws is the last
 * frame that jsdom draws.
 */
Object.assign(document, { execCommand: () => false })

// The next file finds the document as the first one did.
afterAll(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.body.replaceChildren()
  localStorage.clear()
  window.location.hash = ''
})
