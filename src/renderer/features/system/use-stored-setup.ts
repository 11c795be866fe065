import { useState } from 'react'
import type { Setup } from '../../../shared/contract/setup.ts'
import { useConsole } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'

/** How a system integration is set up, and what is stored of it now. */
export function useStoredSetup(name: string, version: string) {
  const { client } = useConsole()
  const [setup, setSetup] = useState<Setup>()
  const { problem, retry } = useLoad({
    version: `${name} ${version}`,
    load: (signal) => client.setup.get({ name }, { signal }),
    keep: setSetup,
  })
  return { setup, problem, retry }
}
