import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ProcessUsage } from '../../../shared/contract/integrations.ts'
import { useConsole } from '../../stores/console.tsx'
import { useVisibleInterval } from '../../ui/use-visible-interval.ts'

const REFRESH_MS = 2_000

/** What the processes of a stdio server use, asked for while it can be seen. Undefined until known, null where none runs. */
export function useProcess(name: string, isStdio: boolean): ProcessUsage | null | undefined {
  const { client } = useConsole()
  const [usage, setUsage] = useState<ProcessUsage | null>()
  const asking = useRef(false)
  const ask = (): void => {
    // Asking looks at every process of the machine: never twice at once.
    if (asking.current) return
    asking.current = true
    client.integrations
      .process({ name })
      // While the gateway is away the last figures stand, under the banner that says so.
      .then(setUsage, () => undefined)
      .finally(() => (asking.current = false))
  }
  const askAtOnce = useEffectEvent(ask)
  useEffect(() => {
    if (isStdio) askAtOnce()
  }, [name, isStdio])
  useVisibleInterval(ask, REFRESH_MS, isStdio)
  return usage
}
