import { useState } from 'react'
import type { MessagePreview } from '../../../shared/contract/channels.ts'
import { useConsole } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'
import type { NewChannelInput } from './channel-draft.ts'

/** After the last change: nobody reads what half a word would send. */
const SETTLE_MS = 350

interface Told {
  preview: MessagePreview | undefined
  problem: Problem | undefined
}

/** What an example notice would look like there, shortly after the settings stop changing. Undefined: they have faults. */
export function useChannelPreview(id: string | undefined, channel: NewChannelInput | undefined): Told {
  const { client } = useConsole()
  const [preview, setPreview] = useState<MessagePreview>()
  const { problem } = useLoad({
    version: JSON.stringify([channel]),
    wanted: channel !== undefined,
    pauseMs: () => SETTLE_MS,
    load: async (signal) =>
      channel && (await client.channels.preview({ ...(id === undefined ? {} : { id }), channel }, { signal })),
    keep: setPreview,
  })
  return { preview, problem }
}
