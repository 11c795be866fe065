import { useEffect, useEffectEvent } from 'react'

/** Works every so often while the console can be seen, and at once when it is seen again: nobody needs figures behind a window. */
export function useVisibleInterval(work: () => void, everyMs: number, enabled = true): void {
  const run = useEffectEvent(work)
  useEffect(() => {
    if (!enabled) return
    let timer: number | undefined
    const change = (): void => {
      clearInterval(timer)
      timer = undefined
      if (document.visibilityState === 'hidden') return
      timer = window.setInterval(() => run(), everyMs)
    }
    const seenAgain = (): void => {
      if (document.visibilityState === 'visible') run()
      change()
    }
    change()
    document.addEventListener('visibilitychange', seenAgain)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seenAgain)
    }
  }, [everyMs, enabled])
}
