import type { Check } from './check.ts'

/** To the worker: a value's JSON text and the schema to check it by. */
export interface CheckRequest {
  id: number
  schema: unknown
  text: string
}

/** From the worker. `started` comes first: loading the worker does not count as checking. */
export type CheckMessage = { id: number; started: true } | { id: number; started: false; check: Check }
