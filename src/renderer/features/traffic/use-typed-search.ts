import { useEffect, useEffectEvent, useState } from 'react'

/** A letter more is another search for the core: the next one is waited for a moment. */
const TYPING_MS = 200

/**
 * A search field over a search that stands in the address: what is typed shows at once, the address follows when the
 * typing rests, and a change of the address from elsewhere is taken over.
 */
export function useTypedSearch(current: string, onRest: (q: string) => void): [q: string, setQ: (q: string) => void] {
  const [q, setQ] = useState(current)
  const [sent, setSent] = useState(current)
  const [seen, setSeen] = useState(current)
  if (seen !== current) {
    setSeen(current)
    // Not the answer to what was sent from here, after which more may have been typed.
    if (current !== sent) setQ(current)
  }
  const rest = useEffectEvent(() => {
    if (q === current) return
    setSent(q)
    onRest(q)
  })
  useEffect(() => {
    const timer = setTimeout(() => rest(), TYPING_MS)
    return () => clearTimeout(timer)
  }, [q])
  return [q, setQ]
}
