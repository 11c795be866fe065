import { members, spanOf, type Span } from './json-members.ts'

/**
 * The JSON text of an object with one member more, put in before the others at the start of the object that opens at
 * or after `from`. `member` is its text, `"key":value`. Every other byte stays as it was.
 */
export function withFirstMember(json: Buffer, from: number, member: string, hasOthers: boolean): Buffer {
  const at = json.indexOf('{', from) + 1
  return Buffer.concat([json.subarray(0, at), Buffer.from(hasOthers ? `${member},` : member), json.subarray(at)])
}

/** The JSON text with the value that stands at `span` replaced by another one's text. */
function withValue(json: Buffer, [start, end]: Span, value: string): Buffer {
  const length = Buffer.byteLength(value)
  const text = Buffer.allocUnsafe(json.length - (end - start) + length)
  json.copy(text, 0, 0, start)
  text.write(value, start)
  json.copy(text, start + length, end)
  return text
}

/** The JSON text of an object with another value (JSON text) for one member that it has; without it, as it is. */
export function withMember(json: Buffer, key: string, value: string): Buffer {
  const span = spanOf(json, key)
  return span === undefined ? json : withValue(json, span, value)
}

const OPEN_BRACE = 0x7b

/** `params` (JSON text of an object) with this member in its `_meta`, in place of one that is there under that key. */
export function withMeta(params: Buffer, key: string, value: string): Buffer {
  const name = JSON.stringify(key)
  const found = members(params)
  const meta = found.get('_meta')
  if (!meta) return withFirstMember(params, 0, `"_meta":{${name}:${value}}`, found.size > 0)
  if (params[meta[0]] !== OPEN_BRACE) return params
  const present = members(params, meta[0])
  const former = present.get(key)
  if (former) return withValue(params, former, value)
  return withFirstMember(params, meta[0], `${name}:${value}`, present.size > 0)
}
