import type { Channel } from '../../../shared/contract/channels.ts'
import { useConsole } from '../../stores/console.tsx'
import { useFailureToast } from '../../ui/toast.tsx'

/** Has what waits for a failing channel tried at once, however long it would have waited. */
export function useResume(): (channel: Channel) => Promise<void> {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  return async ({ id, name }) => {
    try {
      stores.channels.getState().put(await client.channels.resume({ id }))
    } catch (cause) {
      fail(`${name} was not tried`, cause)
    }
  }
}
