import { useEffect, useState } from 'react'
import { useConsole } from '../../stores/console.tsx'
import { endSentence } from './run-words.ts'

/** Says politely, to those who cannot see it, that a call began and how it ended, whichever tool is in front. */
export function RunStatus() {
  const { playground } = useConsole().stores
  const [sentence, setSentence] = useState('')
  useEffect(
    () =>
      playground.subscribe((state, before) => {
        if (state.runs === before.runs) return
        for (const [tool, run] of state.runs) {
          const past = before.runs.get(tool)
          if (run === past) continue
          if (run.state === 'running' && past?.state !== 'running') setSentence(`Calling ${tool}.`)
          if (run.state === 'ended' && past?.state === 'running') setSentence(endSentence(tool, run.end))
        }
      }),
    [playground],
  )
  return (
    <p role="status" aria-label="Call" className="sr-only">
      {sentence}
    </p>
  )
}
