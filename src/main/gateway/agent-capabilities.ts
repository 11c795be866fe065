import { isObject } from '../base/is-object.ts'
import type { ServerRequest } from '../upstream/upstream.ts'

export type Capabilities = Readonly<Record<string, unknown>>

/** The capability that a client declares when it can answer a request of a server; undefined: the method is unknown. */
const CAPABILITY_OF: ReadonlyMap<string, string> = new Map([
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
  ['roots/list', 'roots'],
  ['tasks/get', 'tasks'],
  ['tasks/result', 'tasks'],
  ['tasks/list', 'tasks'],
  ['tasks/cancel', 'tasks'],
])

/** Requests that a modern server puts into an `input_required` result (2026-07-28). */
export const INPUT_REQUESTS: ReadonlySet<string> = new Set([
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
])

/** Whether the specification knows this request of a server. */
export function isKnownRequest(method: string): boolean {
  return CAPABILITY_OF.has(method)
}

/** Whether an agent with these capabilities can be asked this. Of a method that is unknown nothing can be said. */
export function canAnswer(
  capabilities: Capabilities,
  { method, value }: Pick<ServerRequest, 'method' | 'value'>,
): boolean {
  const name = CAPABILITY_OF.get(method)
  if (name === undefined) return false
  const declared = Object.hasOwn(capabilities, name) ? capabilities[name] : undefined
  if (!isObject(declared)) return false
  if (method !== 'elicitation/create') return true
  if (value.mode === 'url') return isObject(declared.url)
  // An empty object is what revisions before 2025-11-25 declare, and means forms.
  return isObject(declared.form) || !isObject(declared.url)
}
