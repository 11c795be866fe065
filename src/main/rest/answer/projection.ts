import { createContext, Script, type Context } from 'node:vm'
import type { JSONPathNode } from 'json-p3'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { messageOf } from '../../base/message-of.ts'
import { ExactNumber, parseExact } from '../exact-numbers.ts'

/** Of one path. A plain one takes milliseconds for the largest answer. */
const TIMEOUT_MS = 1_000

let context: Context | undefined
const script = new Script('find()')

/**
 * What of a JSON answer an agent gets: the values that a JSONPath (RFC 9535) leads to, in an array where it could be more
 * than one; several paths make an object. Throws with a sentence when a path can not be read.
 */
export async function projected(
  json: string,
  plain: unknown,
  projection: NonNullable<RestTool['projection']>,
): Promise<unknown> {
  const { jsonpath } = await import('json-p3')
  const exact = parseExact(json)
  const valueOf = (path: string): unknown => {
    try {
      const query = jsonpath.compile(path)
      const nodes = inTime(() => [...query.query(plain as never)])
      const values = nodes.map((node) => valueAt(exact, node))
      if (!query.singularQuery()) return values
      return values.length === 0 ? null : values[0]
    } catch (cause) {
      throw new Error(`The projection ${path} can not be used: ${messageOf(cause)}`, { cause })
    }
  }
  if (typeof projection === 'string') return valueOf(projection)
  return Object.fromEntries(Object.entries(projection).map(([name, path]) => [name, valueOf(path)]))
}

/**
 * Threat: a path of a document that somebody else wrote, which takes years for an answer that fits it (`match` with a
 * regular expression, `$..*..*..*`), and nothing else is served meanwhile.
 */
function inTime(find: () => JSONPathNode[]): JSONPathNode[] {
  context ??= createContext({})
  context.find = find
  try {
    return script.runInContext(context, { timeout: TIMEOUT_MS }) as JSONPathNode[]
  } catch (error) {
    const isLate = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    throw isLate ? new Error(`it takes longer than ${TIMEOUT_MS} ms.`) : error
  } finally {
    context.find = undefined
  }
}

/** The same value with numbers as they were written. */
function valueAt(root: unknown, node: JSONPathNode): unknown {
  let value = root
  for (const key of node.location as readonly (string | number)[]) {
    if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return node.value
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}
