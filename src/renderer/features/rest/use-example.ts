import { useMemo, useState } from 'react'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { parseJson, type Parsed } from '../../json/parse.ts'
import { exampleArguments } from './example-arguments.ts'

export interface Example {
  /** JSON, as it was typed or as it follows from the tool. */
  text: string
  /** Undefined while the text is not a JSON object. */
  args: Record<string, unknown> | undefined
  fault: Parsed['fault']
  isOwn: boolean
  type: (text: string) => void
  reset: () => void
}

/** Arguments to try a tool with: they follow from its schemas until somebody writes their own. */
export function useExample(tool: RestTool | undefined): Example {
  const [typed, setTyped] = useState<string>()
  const [last, setLast] = useState(tool)
  // What was right last stands while something is being typed.
  if (tool && tool !== last) setLast(tool)
  const text = useMemo(() => typed ?? (last ? JSON.stringify(exampleArguments(last), null, 2) : '{}'), [typed, last])
  const read = useMemo(() => {
    const { fault } = parseJson(text)
    if (fault) return { fault, args: undefined }
    const value = JSON.parse(text) as unknown
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return { fault: undefined, args: isObject ? (value as Record<string, unknown>) : undefined }
  }, [text])
  return {
    text,
    ...read,
    isOwn: typed !== undefined,
    type: setTyped,
    reset: () => setTyped(undefined),
  }
}
