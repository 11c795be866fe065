import { type RefObject, useEffect, useRef } from 'react'

/** For a pane beside a list: it takes the focus when it opens. */
export function usePaneFocus(): RefObject<HTMLElement | null> {
  const pane = useRef<HTMLElement>(null)
  useEffect(() => pane.current?.focus(), [])
  return pane
}
