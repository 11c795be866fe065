import { LOG_LEVELS, type LogLevel } from '../upstream/upstream.ts'

/** The level that a text names; undefined: none. */
export function readLogLevel(value: unknown): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === value)
}

/** Whether who wants messages from `wanted` on gets one of this level. A level that nobody knows is not held back. */
export function isLoud(level: unknown, wanted: LogLevel): boolean {
  const known = readLogLevel(level)
  return known === undefined || LOG_LEVELS.indexOf(known) >= LOG_LEVELS.indexOf(wanted)
}
