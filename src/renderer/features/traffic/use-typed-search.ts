import { useEffect, useEffectEvent, useRef, useState } from 'react'

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
  const typedAt = useRef('')
  if (seen !== current) {
    setSeen(current)
    // Not the answer to what was sent from here, after which more may have been typed.
    if (current !== sent) setQ(current)
  }
  const rest = useEffectEvent(() => {
    // Somebody has gone to another screen meanwhile, which may still be loading: this must not bring them back.
    if (q === current || screenOf(location.hash) !== typedAt.current) return
    setSent(q)
    onRest(q)
  })
  useEffect(() => {
    const timer = setTimeout(() => rest(), TYPING_MS)
    return () => clearTimeout(timer)
  }, [q])
  const type = (text: string): void => {
    typedAt.current = screenOf(location.hash)
    setQ(text)
  }
  return [q, type]
}

/** Routes live in the fragment; what follows the question mark is no other screen. */
function screenOf(hash: string): string {
  return hash.split('?', 1)[0] ?? ''
}
