import { type RefObject, useEffect, useRef } from 'react'

/** Rows of inputs, of which a new one gets the focus: whoever adds a row goes on typing in it. */
export function useAddedFocus<Rows extends HTMLElement>(count: number): RefObject<Rows | null> {
  const rows = useRef<Rows>(null)
  const before = useRef(count)
  useEffect(() => {
    if (count > before.current) rows.current?.children[count - 1]?.querySelector('input')?.focus()
    before.current = count
  }, [count])
  return rows
}
