/**
 * `Mcp-Param-*` headers (2026-07-28, Streamable HTTP, "Schema extension"): a tool's input schema may mark a parameter with
 * `x-mcp-header`, and the client then repeats that argument in an HTTP header. The schema is the server's text: it is
 * walked without recursion and never followed through `$ref`.
 */
export interface ParamHeader {
  /** Header name after `Mcp-Param-`. */
  header: string
  /** Keys from the arguments object down to the value. */
  path: readonly string[]
}

export type ParamHeaders = { valid: true; headers: readonly ParamHeader[] } | { valid: false; reason: string }

const EXTENSION = 'x-mcp-header'
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const ALLOWED_TYPES: readonly unknown[] = ['string', 'integer', 'boolean']
/** Keywords that hold data, not schemas: an `x-mcp-header` key inside is an example, not a declaration. */
const DATA_KEYWORDS: readonly string[] = ['default', 'const', 'enum', 'examples', 'required', 'type']

/** Paths are copied at each level, so their length is bounded. */
const MAX_DEPTH = 64

interface Visit {
  node: Record<string, unknown>
  path: readonly string[]
  /** Reached through `properties` only: the one place where the extension may stand. */
  reachable: boolean
}

/** The declarations of one input schema, or the first rule that one of them breaks. */
export function paramHeaders(inputSchema: Record<string, unknown>): ParamHeaders {
  const headers: ParamHeader[] = []
  const names = new Set<string>()
  const visits: Visit[] = [{ node: inputSchema, path: [], reachable: true }]
  for (let visit = visits.pop(); visit; visit = visits.pop()) {
    const { node, path, reachable } = visit
    if (Object.hasOwn(node, EXTENSION)) {
      const fault = faultOf(node, reachable && path.length > 0, names)
      if (fault !== undefined) return { valid: false, reason: `${path.join('.') || 'the schema'}: ${fault}` }
      headers.push({ header: node[EXTENSION] as string, path })
    }
    pushChildren(visits, visit)
  }
  return { valid: true, headers }
}

function faultOf(node: Record<string, unknown>, allowedHere: boolean, names: Set<string>): string | undefined {
  const name = node[EXTENSION]
  if (!allowedHere) return `${EXTENSION} may only stand on a property reached through "properties"`
  if (typeof name !== 'string' || !TOKEN.test(name)) return `${EXTENSION} is not a valid header name`
  if (!ALLOWED_TYPES.includes(node.type)) return `${EXTENSION} needs the type string, integer or boolean`
  if (names.has(name.toLowerCase())) return `${EXTENSION} "${name}" stands on two properties`
  names.add(name.toLowerCase())
  return undefined
}

function pushChildren(visits: Visit[], { node, path, reachable }: Visit): void {
  for (const [keyword, value] of Object.entries(node)) {
    if (!isObject(value) || DATA_KEYWORDS.includes(keyword)) continue
    if (keyword !== 'properties') {
      visits.push({ node: value, path, reachable: false })
      continue
    }
    const deeper = reachable && path.length < MAX_DEPTH
    for (const [key, child] of Object.entries(value)) {
      if (isObject(child)) visits.push({ node: child, path: deeper ? [...path, key] : path, reachable: deeper })
    }
  }
}

/** The headers of one call. A value that is absent, null or not a primitive has none. */
export function paramHeaderValues(headers: readonly ParamHeader[], callArguments: unknown): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { header, path } of headers) {
    let value = callArguments
    for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
    const text = headerText(value)
    if (text !== undefined) values[`Mcp-Param-${header}`] = headerValue(text)
  }
  return values
}

function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) {
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value)
  }
  return undefined
}

/** Plain visible ASCII goes as it is; anything else, and what looks like the sentinel itself, in base64 of its UTF-8. */
export function headerValue(text: string): string {
  const plain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(text)
  const looksEncoded = text.startsWith('=?base64?') && text.endsWith('?=')
  return plain && !looksEncoded ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
