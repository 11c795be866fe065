import { type RefObject, useEffect, useRef } from 'react'

/**
 * For a pane beside a list: it takes the focus when it opens, and again when a change of `state` took away the button that
 * had it. Else no key would reach the pane any more, Escape among them.
 */
export function usePaneFocus(state: string | undefined): RefObject<HTMLElement | null> {
  const pane = useRef<HTMLElement>(null)
  useEffect(() => pane.current?.focus(), [])
  useEffect(() => {
    if (document.activeElement === document.body) pane.current?.focus()
  }, [state])
  return pane
}
