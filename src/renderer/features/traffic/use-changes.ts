import { useCallback, useEffect, useRef, useState } from 'react'
import type { AuditEntry } from '../../../shared/contract/audit.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { useVisibleInterval } from '../../ui/use-visible-interval.ts'

const PAGE = 100
const REFRESH_MS = 5_000
/** Enough to find what somebody did; the API has the rest. */
const MAX_ENTRIES = 5_000

interface Changes {
  entries: readonly AuditEntry[]
  cursor: string | null
  loaded: boolean
}

/** The audit: its newest page, kept fresh while it can be seen, and older pages as they are asked for. */
export function useChanges() {
  const { client } = useConsole()
  const [{ entries, cursor, loaded }, setChanges] = useState<Changes>({ entries: [], cursor: null, loaded: false })
  const [problem, setProblem] = useState<Problem>()
  const left = useRef<AbortController>(undefined)
  const busy = useRef({ newest: false, older: false })

  const load = useCallback(
    async (after: string | null) => {
      const signal = left.current?.signal
      const end = after === null ? 'newest' : 'older'
      if (busy.current[end] || !signal) return
      busy.current[end] = true
      try {
        const wanted = after === null ? { limit: PAGE } : { limit: PAGE, cursor: after }
        const page = await client.audit.list(wanted, { signal })
        // Before it is shown: that asks for the next page where there is room for it.
        busy.current[end] = false
        setChanges((before) => (after === null ? withNewest(before, page) : withOlder(before, page, after)))
        setProblem(undefined)
      } catch (cause) {
        if (!signal.aborted) setProblem(problemOf(cause))
      } finally {
        busy.current[end] = false
      }
    },
    [client],
  )
  useEffect(() => {
    left.current = new AbortController()
    busy.current = { newest: false, older: false }
    void load(null)
    return () => left.current?.abort()
  }, [load])
  useVisibleInterval(() => void load(null), REFRESH_MS)

  const loadOlder = useCallback(() => load(cursor), [load, cursor])
  const more = cursor !== null && entries.length < MAX_ENTRIES
  return { entries, more, loaded, problem, loadOlder, reload: () => void load(null) }
}

interface ChangesPage {
  items: AuditEntry[]
  next_cursor: string | null
}

/** Where the newest page meets what is held, only its head is new; else there is a hole, and it takes the place of all. */
function withNewest({ entries, cursor, loaded }: Changes, page: ChangesPage): Changes {
  const at = page.items.findIndex(({ id }) => id === entries[0]?.id)
  if (!loaded || at < 0) return { entries: page.items, cursor: page.next_cursor, loaded: true }
  if (at === 0) return { entries, cursor, loaded }
  return { entries: [...page.items.slice(0, at), ...entries], cursor, loaded }
}

/** Unless all was replaced meanwhile: then this page is not the next one any more. */
function withOlder(before: Changes, page: ChangesPage, after: string): Changes {
  const { entries, cursor, loaded } = before
  if (cursor !== after) return before
  return { entries: [...entries, ...page.items], cursor: page.next_cursor, loaded }
}
