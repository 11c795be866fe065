/**
 * One text for all JSON texts that mean the same: members ordered by name, no white space, strings and numbers in one
 * spelling (as RFC 8785 does it). Made from the text and not from parsed values, because parsing forgets what one reader
 * sees and another does not: the first of two members of one name, and digits that a double cannot hold.
 *
 * The text must be one that `JSON.parse` accepted, and nest no deeper than the stack allows (see MAX_DEPTH of tool lists).
 * `only`: members of the outermost object that count; all others are left out.
 */
export function canonicalJson(text: string, only?: ReadonlySet<string>): string {
  return new Reader(text).value(only)
}

/** A member of an object; of one name there may be several. */
interface Member {
  key: string
  /** The key as JSON. */
  name: string
  /** The canonical text of its value. */
  value: string
}

/** The members of the object in their order in `canonicalJson`; none where the text is that of something else. */
export function canonicalMembers(text: string, only?: ReadonlySet<string>): Member[] {
  return new Reader(text).members(only)
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

class Reader {
  readonly #text: string
  #at = 0
  /** The next backslash: a string that ends before it has no escapes, and is written in the one way already. */
  #escape: number

  constructor(text: string) {
    this.#text = text
    this.#escape = this.#nextEscape(0)
  }

  value(only?: ReadonlySet<string>): string {
    this.#skipSpace()
    switch (this.#text.charCodeAt(this.#at)) {
      case OPEN_BRACE:
        return `{${this.members(only)
          .map(({ name, value }) => `${name}:${value}`)
          .join(',')}}`
      case OPEN_BRACKET:
        return this.#array()
      case QUOTE:
        return this.#string()
      default:
        return this.#scalar()
    }
  }

  members(only?: ReadonlySet<string>): Member[] {
    const members: Member[] = []
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) !== OPEN_BRACE) return members
    while (this.#hasNext(CLOSE_BRACE)) {
      const name = this.#string()
      const key = name.includes('\\') ? (JSON.parse(name) as string) : name.slice(1, -1)
      this.#skipSpace()
      this.#at++ // the colon
      const value = this.value()
      if (only === undefined || only.has(key)) members.push({ key, name, value })
    }
    // By UTF-16 code units; the sort is stable, so of one name each stays where it was.
    return members.sort(({ key: one }, { key: other }) => (one < other ? -1 : one > other ? 1 : 0))
  }

  #array(): string {
    const items: string[] = []
    while (this.#hasNext(CLOSE_BRACKET)) items.push(this.value())
    return `[${items.join(',')}]`
  }

  /** Steps over the opening bracket or a comma; false, and behind it, when what comes is the closing bracket. */
  #hasNext(closing: number): boolean {
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) !== closing) {
      this.#at++
      this.#skipSpace()
    }
    if (this.#text.charCodeAt(this.#at) !== closing) return true
    this.#at++
    return false
  }

  #string(): string {
    this.#skipSpace()
    const start = this.#at
    if (this.#escape < start) this.#escape = this.#nextEscape(start)
    let end = this.#text.indexOf('"', start + 1)
    if (end < this.#escape) {
      this.#at = end + 1
      return this.#text.slice(start, end + 1)
    }
    while (this.#isEscaped(start, end)) end = this.#text.indexOf('"', end + 1)
    this.#at = end + 1
    return JSON.stringify(JSON.parse(this.#text.slice(start, end + 1)))
  }

  #scalar(): string {
    const start = this.#at
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      // Behind the end it is NaN.
      if (!(code > 0x20) || code === COMMA || code === CLOSE_BRACKET || code === CLOSE_BRACE) break
      this.#at++
    }
    return canonicalScalar(this.#text.slice(start, this.#at))
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at++
    }
  }

  #nextEscape(from: number): number {
    const at = this.#text.indexOf('\\', from)
    return at === -1 ? Infinity : at
  }

  #isEscaped(start: number, at: number): boolean {
    let backslashes = 0
    while (at - 1 - backslashes > start && this.#text[at - 1 - backslashes] === '\\') backslashes++
    return backslashes % 2 === 1
  }
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/
/** Zeros that are written out before an exponent takes over. */
const MOST_ZEROS = 20

/** A number with all of its digits, however it was written; `true`, `false` and `null` as they are. */
function canonicalScalar(token: string): string {
  if (token === 'true' || token === 'false' || token === 'null') return token
  const parts = NUMBER.exec(token)
  // An exponent without end: it stands as it came.
  if (parts === null) return token
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  if (power >= 0 && power <= MOST_ZEROS) return sign + significant + '0'.repeat(power)
  const point = significant.length + power
  if (point > 0 && power < 0) return `${sign}${significant.slice(0, point)}.${significant.slice(point)}`
  if (point <= 0 && point >= -MOST_ZEROS) return `${sign}0.${'0'.repeat(-point)}${significant}`
  return `${sign}${significant}e${power}`
}
