import { useSyncExternalStore } from 'react'

/** Below this the window is zoomed in or very small, and the rows need the room of the sidebar. */
const NARROW = '(max-width: 799px)'

/** Whether the window is narrow: 590 px is 1180 px at a zoom of 200 %. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches)
}

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia(NARROW)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}
