import { spanOf } from '../base/json-members.ts'
import { withMember } from '../base/json-splice.ts'
import { valueAt } from '../base/value-at.ts'

/** In `_meta` of what belongs to a task (2025-11-25). */
const RELATED_TASK = 'io.modelcontextprotocol/related-task'

/** Where the id of a task may stand: of a task, of a new one (2025-11-25), and in what belongs to one. */
const PLACES = [['taskId'], ['task', 'taskId'], ['_meta', RELATED_TASK, 'taskId']] as const

/** How `/mcp` calls a task of an integration: two servers may use the same id. */
export function gatewayTaskId(slug: string, id: string): string {
  return `${slug}:${id}`
}

/** Undefined: it is none of the gateway's. A slug has no colon. */
export function readGatewayTaskId(text: string): { slug: string; id: string } | undefined {
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : { slug: text.slice(0, colon), id: text.slice(colon + 1) }
}

/** JSON text of an object with the ids of tasks in it called otherwise. `value` is the same, parsed. */
export function withTaskIds(json: Buffer, value: unknown, rename: (id: string) => string): Buffer {
  let renamed = json
  for (const place of PLACES) {
    const id = valueAt(value, place)
    if (typeof id === 'string') renamed = withValueAt(renamed, place, JSON.stringify(rename(id)))
  }
  return renamed
}

function withValueAt(json: Buffer, [key = '', ...rest]: readonly string[], value: string): Buffer {
  if (rest.length === 0) return withMember(json, key, value)
  const span = spanOf(json, key)
  if (span === undefined) return json
  const inner = withValueAt(json.subarray(span[0], span[1]), rest, value)
  return Buffer.concat([json.subarray(0, span[0]), inner, json.subarray(span[1])])
}
