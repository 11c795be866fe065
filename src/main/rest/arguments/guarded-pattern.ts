import { createContext, Script, type Context } from 'node:vm'

/** A pattern that needs longer for one string is not used any more. */
const TIMEOUT_MS = 40
/** Up to here a pattern with a single loop is done soon, wherever it begins to match. */
const SHORT = 128
/** Up to here one without any is. */
const MODERATE = 64 * 1024
/** A pattern that can go on in more ways than this, tried one after the other, is as good as one with loops. */
const MANY_WAYS = 256
/** Of all strings that are looked at without a pause, so that many of them hold up nothing either. */
const BUDGET_MS = 100
/** A loop of so many turns is as good as one without end. */
const MANY_TURNS = 50

let context: Context | undefined
let spentMs = 0
const script = new Script('pattern.test(text)')

/**
 * A `pattern` of a schema that a stranger wrote, for strings that an agent wrote. Threat: one that takes years, in which
 * nothing else is served. What could is run where it can be stopped (a third of a millisecond each); one that had to be
 * stopped fits everything from then on, and the API judges. So does one that is no regular expression.
 */
export class GuardedPattern {
  readonly #source: string
  readonly #pattern: RegExp | undefined
  readonly #loops: number
  #gaveUp = false

  constructor(source: string) {
    this.#source = source
    this.#pattern = compiled(source)
    this.#loops = this.#pattern === undefined ? 0 : loopsIn(source)
  }

  /** Ajv takes two patterns with the same text for one. */
  toString(): string {
    return this.#source
  }

  test(text: string): boolean {
    const pattern = this.#pattern
    if (pattern === undefined || this.#gaveUp) return true
    const mostCharacters = [MODERATE, SHORT][this.#loops] ?? 0
    if (text.length <= mostCharacters) return pattern.test(text)
    if (spentMs > BUDGET_MS) return true
    context ??= createContext({})
    const startedAt = performance.now()
    context.pattern = pattern
    context.text = text
    try {
      return script.runInContext(context, { timeout: TIMEOUT_MS }) as boolean
    } catch {
      this.#gaveUp = true
      return true
    } finally {
      context.text = ''
      if (spentMs === 0) setImmediate(() => (spentMs = 0))
      spentMs += performance.now() - startedAt
    }
  }
}

function compiled(source: string): RegExp | undefined {
  // Patterns of documents are often only valid without the flag that JSON Schema recommends.
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags)
    } catch {
      // The next one, or none.
    }
  }
  return undefined
}

/**
 * How many loops may turn independently: over one another, where the expression looks back or ahead, or where it has so many
 * ways that it needs no loop (`a?a?a?…aaa`, `(a|a)(a|a)…`), countless.
 */
function loopsIn(source: string): number {
  if (/\\[1-9k]|\(\?[=!<]/.test(source)) return Infinity
  const plain = source
    .replace(/\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|.)/g, 'x')
    .replace(/\[[^\]]*\]/g, 'x')
    .replace(/\(\?:/g, '(')
  if (/\)(?:[*+]|\{\d)/.test(plain)) return Infinity
  let loops = 0
  let ways = 1
  for (const [sign, least, comma, most] of plain.matchAll(/[*+?|]|\{(\d+)(?:(,)(\d*))?\}/g)) {
    if (sign === '?' || sign === '|') ways *= 2
    else if (least === undefined || most === '' || Number(most ?? least) > MANY_TURNS) loops++
    else if (comma !== undefined) ways *= Number(most) - Number(least) + 1
  }
  return ways > MANY_WAYS ? Infinity : loops
}
