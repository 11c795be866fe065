import { canonicalMembers } from './canonical-json.ts'
import { PINNED } from './pinned-definition.ts'

const ORDER = [...PINNED]

/**
 * The pinned members of a definition as lines that a person can compare: in the one order and spelling of all equal
 * definitions, texts with their own line breaks, schemas indented. Every line of a value is indented, so no text can pass
 * for another member. Hidden characters stay: whoever shows this makes them visible.
 */
export function readableDefinition(text: string): string {
  const lines: string[] = []
  const members = canonicalMembers(text, PINNED)
  members.sort(({ key: one }, { key: other }) => ORDER.indexOf(one) - ORDER.indexOf(other))
  for (const { key, value } of members) {
    if (value.startsWith('"')) {
      const words = JSON.parse(value) as string
      if (words.includes('\n')) lines.push(`${key}:`, inside(words.split(/\r?\n/)))
      else lines.push(`${key}: ${words}`)
    } else if (value.startsWith('{') || value.startsWith('[')) {
      lines.push(`${key}:`, inside(indented(value)))
    } else lines.push(`${key}: ${value}`)
  }
  return lines.join('\n')
}

/** One text: a server may write more lines than a call takes arguments. */
function inside(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}

/** Canonical JSON with a line for each member and element. */
function indented(json: string): string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  const end = () => {
    lines.push(line)
    line = '  '.repeat(depth)
  }
  for (let at = 0; at < json.length;) {
    const character = json[at] ?? ''
    if (character === '"') {
      const after = skipString(json, at)
      line += json.slice(at, after)
      at = after
      continue
    }
    at++
    const opens = character === '{' || character === '['
    if (opens && (json[at] === '}' || json[at] === ']')) line += character + (json[at++] ?? '')
    else if (opens) {
      line += character
      depth++
      end()
    } else if (character === '}' || character === ']') {
      depth--
      end()
      line += character
    } else if (character === ',') {
      line += character
      end()
    } else line += character === ':' ? ': ' : character
  }
  lines.push(line)
  return lines
}

/** From an opening quote to behind the closing one. */
function skipString(json: string, start: number): number {
  for (let at = start + 1; ; at++) {
    if (json[at] === '\\') at++
    else if (json[at] === '"' || at >= json.length) return at + 1
  }
}
