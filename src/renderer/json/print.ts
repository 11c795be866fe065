import { isArray, isObject, JsonNumber, type JsonValue, Unfinished } from './value.ts'

/** Writes a value as people read it, or on one line (`indent` 0). What is unfinished stands there as it was typed. */
export function printJson(value: JsonValue, indent = 2): string {
  const parts: string[] = []
  write(value, indent === 0 ? '' : '\n', ' '.repeat(indent), parts)
  return parts.join('')
}

/** Whether its text is longer than this, found out without writing it. */
export function isLongerThan(value: JsonValue, limit: number): boolean {
  let left = limit
  const count = (part: JsonValue): boolean => {
    if (part instanceof JsonNumber || part instanceof Unfinished) left -= part.text.length
    else if (typeof part === 'string') left -= part.length + 2
    else if (isArray(part)) return part.some((item) => (left -= 1) < 0 || count(item))
    else if (isObject(part)) return [...part].some(([key, member]) => (left -= key.length + 4) < 0 || count(member))
    else left -= 4
    return left < 0
  }
  return count(value)
}

function write(value: JsonValue, line: string, indent: string, parts: string[]): void {
  if (value instanceof JsonNumber || value instanceof Unfinished) parts.push(value.text)
  else if (isArray(value)) {
    const inner = line && line + indent
    value.forEach((item, index) => {
      parts.push(index === 0 ? '[' : ',', inner)
      write(item, inner, indent, parts)
    })
    parts.push(value.length === 0 ? '[]' : `${line}]`)
  } else if (isObject(value)) {
    const inner = line && line + indent
    let index = 0
    for (const [key, member] of value) {
      parts.push(index++ === 0 ? '{' : ',', inner, JSON.stringify(key), line ? ': ' : ':')
      write(member, inner, indent, parts)
    }
    parts.push(value.size === 0 ? '{}' : `${line}}`)
  } else parts.push(JSON.stringify(value))
}
