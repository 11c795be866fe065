const QUOTE = '"'
const AFTER_NAME = /\s*:\s*/y
const LITERAL = /[^,}\]\s]*/y

/**
 * JSON text with `censored` in place of every value, null excepted, that stands under a name of which `isSecret` says so.
 * It may be the beginning of a text alone: what is missing at its end is not needed. Everything else stays as it was.
 */
export function redactMembers(json: string, isSecret: (name: string) => boolean, censored: string): string {
  const written = JSON.stringify(censored)
  const parts: string[] = []
  let kept = 0
  let at = json.indexOf(QUOTE)
  while (at !== -1) {
    const end = stringEnd(json, at)
    let next = end
    const start = matchEnd(AFTER_NAME, json, end)
    if (start !== undefined && isSecret(textOf(json.slice(at, end)))) {
      next = valueEnd(json, start)
      if (!'null'.startsWith(json.slice(start, next))) {
        parts.push(json.slice(kept, start), written)
        kept = next
      }
    }
    at = json.indexOf(QUOTE, next)
  }
  return parts.length === 0 ? json : parts.join('') + json.slice(kept)
}

/** Behind the quote that ends the string that begins at `at`. */
function stringEnd(json: string, at: number): number {
  for (let quote = json.indexOf(QUOTE, at + 1); quote !== -1; quote = json.indexOf(QUOTE, quote + 1)) {
    let backslashes = 0
    while (json[quote - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return quote + 1
  }
  return json.length
}

function valueEnd(json: string, start: number): number {
  if (json[start] === QUOTE) return stringEnd(json, start)
  if (json[start] !== '{' && json[start] !== '[') return matchEnd(LITERAL, json, start) ?? start
  let depth = 0
  for (let at = start; at < json.length;) {
    const character = json[at]
    if (character === QUOTE) {
      at = stringEnd(json, at)
      continue
    }
    at++
    if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at
  }
  return json.length
}

function matchEnd(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** A name may be written with escapes. */
function textOf(written: string): string {
  try {
    return JSON.parse(written) as string
  } catch {
    return written
  }
}
