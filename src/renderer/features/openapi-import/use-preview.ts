import { useEffect, useRef, useState } from 'react'
import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { Client } from '../../client.ts'
import { raceSignal } from '../../host/race-signal.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

export type Preview = Awaited<ReturnType<Client['openapi']['preview']>>

/** A document to read, and where it came from. */
export type SpecSource =
  | { kind: 'file'; name: string; text: string; files: Record<string, string> }
  | { kind: 'text'; text: string }
  | { kind: 'url'; url: string; connection?: RestConnectionDraft | undefined }

interface Reading {
  state: 'idle' | 'reading' | 'failed'
  /** What is read, or was last. */
  source: SpecSource | undefined
  problem: Problem | undefined
}

const idle: Reading = { state: 'idle', source: undefined, problem: undefined }

/** Has a document read by the core, which can be cancelled; leaving the screen cancels it too. */
export function usePreview() {
  const { client } = useConsole()
  const [reading, setReading] = useState(idle)
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  /** Neither a preview nor a problem: it was cancelled. */
  const read = async (source: SpecSource): Promise<{ preview?: Preview; problem?: Problem }> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setReading({ state: 'reading', source, problem: undefined })
    try {
      const preview = await raceSignal(client.openapi.preview(previewInput(source), { signal }), signal)
      setReading({ ...idle, source })
      return { preview }
    } catch (cause) {
      // Another document is being read by now: that one speaks for itself.
      if (running.current !== controller || signal.aborted) {
        if (running.current === controller) setReading({ ...idle, source })
        return {}
      }
      const problem = problemOf(cause)
      setReading({ state: 'failed', source, problem })
      return { problem }
    }
  }
  return {
    reading,
    read,
    cancel: () => running.current?.abort(),
    forget: () => setReading(idle),
  }
}

function previewInput(source: SpecSource): Parameters<Client['openapi']['preview']>[0] {
  switch (source.kind) {
    case 'file':
      return { spec: source.text, ...(Object.keys(source.files).length > 0 ? { files: source.files } : {}) }
    case 'text':
      return { spec: source.text }
    case 'url':
      return { url: source.url, ...(source.connection ? { connection: source.connection } : {}) }
  }
}
