import { useEffect, useEffectEvent, useState } from 'react'
import type { MessagePreview } from '../../../shared/contract/channels.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
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
  const [told, setTold] = useState<Told>({ preview: undefined, problem: undefined })
  const key = channel ? JSON.stringify(channel) : ''
  const ask = useEffectEvent(async (signal: AbortSignal) => {
    if (!channel) return
    try {
      const preview = await client.channels.preview({ ...(id === undefined ? {} : { id }), channel }, { signal })
      if (!signal.aborted) setTold({ preview, problem: undefined })
    } catch (cause) {
      if (!signal.aborted) setTold((before) => ({ ...before, problem: problemOf(cause) }))
    }
  })
  useEffect(() => {
    if (key === '') return
    const left = new AbortController()
    const timer = setTimeout(() => void ask(left.signal), SETTLE_MS)
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [key])
  return told
}
