import { useEffect, useState } from 'react'
import { useConsole } from '../../stores/console.tsx'
import { OutputFeed, type OutputFeedState } from './output-feed.ts'

/** The output of an integration while the component is mounted. Nothing is known of it until it is open or failed to. */
export function useOutputFeed(name: string) {
  const { client } = useConsole()
  const [shown, setShown] = useState<{ feed: OutputFeed; state: OutputFeedState }>()
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const feed = new OutputFeed(client, name)
    const stop = feed.store.subscribe((state) => setShown({ feed, state }))
    return () => {
      stop()
      feed.close()
    }
  }, [client, name, attempt])
  return { ...shown, retry: () => setAttempt((before) => before + 1) }
}
