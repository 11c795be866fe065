import { useEffect, useState } from 'react'
import type { CallFilter } from '../../../shared/contract/calls.ts'
import { useConsole } from '../../stores/console.tsx'
import { useVisibleInterval } from '../../ui/use-visible-interval.ts'
import { CallFeed, type CallFeedState } from './call-feed.ts'

const COUNT_EVERY_MS = 10_000

export interface ShownFeed {
  feed: CallFeed
  state: CallFeedState
}

/**
 * The call log through one filter, while the component is mounted. After a change of the filter what was shown stays
 * until the new list is there, so that nothing flashes while somebody types. Undefined until there is anything.
 */
export function useCallFeed(
  filter: Pick<CallFilter, 'query' | 'agent' | 'outcome'>,
  integration: string | undefined,
  fixed: boolean,
): { shown: ShownFeed | undefined; retry: () => void } {
  const { client } = useConsole()
  const [shown, setShown] = useState<ShownFeed>()
  const [attempt, setAttempt] = useState(0)
  const { query, agent, outcome } = filter
  useEffect(() => {
    const about = integration === undefined ? {} : { integration }
    const feed = new CallFeed(
      client,
      {
        ...about,
        ...(query === undefined ? {} : { query }),
        ...(agent === undefined ? {} : { agent }),
        ...(outcome === undefined ? {} : { outcome }),
      },
      fixed ? about : {},
    )
    const stop = feed.store.subscribe((state) => {
      if (state.loaded || state.problem) setShown({ feed, state })
    })
    return () => {
      stop()
      feed.close()
    }
  }, [client, query, agent, outcome, integration, fixed, attempt])
  useVisibleInterval(() => void shown?.feed.count(), COUNT_EVERY_MS)
  return { shown, retry: () => setAttempt((before) => before + 1) }
}
