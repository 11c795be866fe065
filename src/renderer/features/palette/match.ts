const EXACT_WORD = 60
const WORD_START = 45
const INSIDE = 30
const SCATTERED = 8

const NO_WORD = /[^\p{L}\p{N}]/u

/**
 * How well a text answers what was typed; undefined where it does not. Every word of the query has to be found: as it is
 * at the start of a word, inside one, or at least its letters in order.
 */
export function matchScore(query: readonly string[], text: string): number | undefined {
  let score = 0
  for (const word of query) {
    const found = wordScore(word, text)
    if (found === undefined) return undefined
    score += found
  }
  // Of two that match alike, the shorter one says less that was not asked for.
  return score - Math.min(text.length, 100) / 20
}

/** The words of what was typed, as `matchScore` takes them. */
export function queryWords(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean)
}

function wordScore(word: string, text: string): number | undefined {
  let inside: number | undefined
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordStart(text, at)) inside = INSIDE
    else return isWordEnd(text, at + word.length) ? EXACT_WORD : WORD_START
  }
  return inside ?? scatteredScore(word, text)
}

/** Letters in order, for `ghci` and "create issue of GitHub": better the more of them start a word or follow each other. */
function scatteredScore(word: string, text: string): number | undefined {
  let from = 0
  let score = 0
  for (const letter of word) {
    let at = text.indexOf(letter, from)
    if (at < 0) return undefined
    if (at !== from || from === 0) {
      // The start of a later word is worth more than a letter on the way to it.
      const start = nextWordStart(text, letter, from)
      if (start >= 0) at = start
    }
    if (isWordStart(text, at) || at === from) score += 1
    from = at + 1
  }
  // Letters that lie about with no order to them would make everything match anything.
  return score * 2 < word.length ? undefined : (SCATTERED * score) / word.length
}

function nextWordStart(text: string, letter: string, from: number): number {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
    if (isWordStart(text, at)) return at
  }
  return -1
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || NO_WORD.test(text[at - 1] ?? '')
}

function isWordEnd(text: string, at: number): boolean {
  return at === text.length || NO_WORD.test(text[at] ?? '')
}
