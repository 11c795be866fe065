import { useEffect, useEffectEvent, useState } from 'react'
import type { Check } from './check.ts'
import { SchemaChecker } from './schema-checker.ts'

/** After the last change: nobody reads what is wrong with half a word. */
const SETTLE_MS = 250
/**
 * What a schema says about a text that changes, shortly after it stops changing. `textOf` is asked then; undefined: there
 * is nothing to check, or too much. `key` changes with the text.
 */
export function useCheck(schema: unknown, key: unknown, textOf: () => string | undefined) {
  const [checker] = useState(() => new SchemaChecker())
  const [told, setTold] = useState<{ key: unknown; check: Check | undefined }>()
  const text = useEffectEvent(textOf)
  useEffect(() => () => checker.close(), [checker])
  useEffect(() => {
    let left = false
    const run = async (): Promise<void> => {
      const current = text()
      const check = current === undefined ? undefined : await checker.check(schema, current)
      if (!left) setTold({ key, check })
    }
    const timer = setTimeout(() => void run(), SETTLE_MS)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [checker, schema, key])
  return {
    /** Of the text as it is, or as it was a moment ago. */
    check: told?.check,
    /** Checks now, however long the text is. Undefined when a newer check took its place. */
    checkNow: (now: string) => checker.check(schema, now),
  }
}
