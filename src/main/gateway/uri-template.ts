/** A URI template of RFC 6570 as far as it tells which URIs are its own. */
export interface UriTemplate {
  /** Literals, and between them what an expression may stand for. */
  readonly parts: readonly Part[]
  /** Characters of the literals: who has more of them is more specific. */
  readonly literalLength: number
}

/** A literal, or a run of characters: with or without slashes. */
type Part = string | typeof SEGMENT | typeof ANYTHING
const SEGMENT = Symbol('segment')
const ANYTHING = Symbol('anything')

const LONGEST_TEMPLATE = 4_096
const MOST_PARTS = 64
const LONGEST_URI = 64 * 1024
const SLASH = 0x2f

/**
 * Reads a template; undefined for one that is broken, or longer than any that a person wrote. Servers read the same
 * expression differently (the SDKs do not agree on what may be empty), so an expression stands for whatever one of them might
 * take: the server that gets the URI decides in the end.
 */
export function readTemplate(template: string): UriTemplate | undefined {
  if (template.length > LONGEST_TEMPLATE) return undefined
  const parts: Part[] = []
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{', at)
    const literal = template.slice(at, open === -1 ? undefined : open)
    if (literal !== '') parts.push(literal)
    if (open === -1) break
    const close = template.indexOf('}', open)
    if (close === -1) return undefined
    const run = runOf(template.slice(open + 1, close))
    const former = parts.at(-1)
    // Two runs without a literal between them are one.
    if (typeof former !== 'symbol') parts.push(run)
    else if (run === ANYTHING) parts[parts.length - 1] = ANYTHING
    at = close + 1
  }
  if (parts.length > MOST_PARTS) return undefined
  const literalLength = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0)
  return { parts, literalLength }
}

/**
 * Whether the template can expand to this URI, in one pass over it for each part: the parts come from a server, so neither
 * a regular expression nor any way of trying again may be made of them (CVE-2026-0621).
 */
export function matches({ parts }: UriTemplate, uri: string): boolean {
  if (uri.length > LONGEST_URI) return false
  const [first] = parts
  if (typeof first === 'string' && !uri.startsWith(first)) return false
  let reached = new Uint8Array(uri.length + 1)
  reached[0] = 1
  for (const part of parts) {
    if (typeof part === 'string') reached = afterLiteral(reached, part, uri)
    else spread(reached, part, uri)
  }
  return reached[uri.length] === 1
}

function runOf(expression: string): typeof SEGMENT | typeof ANYTHING {
  const mayHaveSlashes = /^[+#/;?&]/.test(expression) || expression.includes('*')
  return mayHaveSlashes ? ANYTHING : SEGMENT
}

function afterLiteral(reached: Uint8Array, literal: string, uri: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length)
  const last = uri.length - literal.length
  for (let at = 0; at <= last; at++) {
    if (reached[at] === 1 && uri.startsWith(literal, at)) next[at + literal.length] = 1
  }
  return next
}

/** From each place that was reached on to the end, or to the next slash. */
function spread(reached: Uint8Array, run: typeof SEGMENT | typeof ANYTHING, uri: string): void {
  let isOn = false
  for (let at = 0; at < reached.length; at++) {
    isOn ||= reached[at] === 1
    if (isOn) reached[at] = 1
    if (run === SEGMENT && uri.charCodeAt(at) === SLASH) isOn = false
  }
}
