const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c

/** How a JSON text is built, told without parsing it. Of a text that is not valid the answers mean nothing and do no harm. */
export class JsonShape {
  /** Of all objects together, those that have a name in common with another counted as often as they stand there. */
  readonly members: number
  readonly depth: number
  /** About how many values there are; never less than there are. */
  readonly values: number
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    let members = 0
    let values = 1
    let deepest = 0
    let depth = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) at = endOfString(text, at)
      else if (code === COLON) members++
      else if (code === COMMA) values++
      else if (isOpening(code)) {
        values++
        deepest = Math.max(deepest, ++depth)
      } else if (isClosing(code)) depth--
    }
    this.values = values
    this.members = members
    this.depth = deepest
  }

  /** Where it first nests deeper than this. */
  deepAt(levels: number): number {
    let depth = 0
    for (let at = 0; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at)
      if (code === QUOTE) at = endOfString(this.#text, at)
      else if (isOpening(code) && ++depth > levels) return at
      else if (isClosing(code)) depth--
    }
    return this.#text.length
  }
}

/** `[` and `{`, which differ in one bit. */
function isOpening(code: number): boolean {
  return (code | 0x20) === 0x7b
}

function isClosing(code: number): boolean {
  return (code | 0x20) === 0x7d
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === BACKSLASH) before--
    if ((end - before) % 2 === 1) return end
  }
  return text.length
}
