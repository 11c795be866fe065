import { useState } from 'react'
import type { Channel } from '../../../shared/contract/channels.ts'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'

export interface TestOutcome {
  ok: boolean
  message: string
}

/** Test notices to channels, each with how it ended. */
export function useChannelTests() {
  const { client } = useConsole()
  const [running, setRunning] = useState<ReadonlySet<string>>(new Set())
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, TestOutcome>>>({})
  const test = async ({ id }: Channel): Promise<void> => {
    setRunning((before) => new Set([...before, id]))
    const outcome = await client.channels.test({ id }).then(
      ({ ok, message }) => ({ ok, message }),
      (cause: unknown) => ({ ok: false, message: problemOf(cause).message }),
    )
    setOutcomes((before) => ({ ...before, [id]: outcome }))
    setRunning((before) => new Set([...before].filter((other) => other !== id)))
  }
  return { running, outcomes, test }
}
