import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { type LoadPage, PagedFeed, type PagedState } from './paged-feed.ts'

interface AnyPage {
  items: readonly unknown[]
  next_cursor: string | null
}

export interface ShownPages<Found extends AnyPage> {
  feed: PagedFeed<Found['items'][number], Found>
  state: PagedState<Found['items'][number], Found>
}

/**
 * A list through one filter while the component is mounted, loaded again when `revision` grows. After a change of the filter
 * what was shown stays until the new list is there, so that nothing flashes while somebody types. Undefined until there is
 * anything.
 */
export function usePagedFeed<Found extends AnyPage>(
  filter: string,
  revision: number,
  load: LoadPage<Found>,
): { shown: ShownPages<Found> | undefined; retry: () => void } {
  const [shown, setShown] = useState<ShownPages<Found>>()
  const current = useRef<ShownPages<Found>['feed']>(undefined)
  const seen = useRef(revision)
  const open = useEffectEvent(() => new PagedFeed<Found['items'][number], Found>(load))
  useEffect(() => {
    const feed = open()
    current.current = feed
    const stop = feed.store.subscribe((state) => {
      if (state.newest !== undefined || state.problem) setShown({ feed, state })
    })
    return () => {
      stop()
      feed.close()
    }
  }, [filter])
  useEffect(() => {
    if (seen.current === revision) return
    seen.current = revision
    current.current?.refresh()
  }, [revision])
  return { shown, retry: () => current.current?.refresh() }
}
