import { useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useConsole } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'

/** An integration with its tools, which lists leave out. */
export function useExisting(name: string) {
  const { client } = useConsole()
  const [integration, setIntegration] = useState<Integration>()
  const { problem, retry } = useLoad({
    version: name,
    load: (signal) => client.integrations.get({ name }, { signal }),
    keep: setIntegration,
  })
  return { integration, problem, retry }
}
