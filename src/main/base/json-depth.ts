import { skipString } from './json-members.ts'

/**
 * Deeper than anything a person or a program writes. `JSON.parse` has no limit of its own and takes about a second for each
 * million levels, in which nothing else is served; up to here it takes about a fifth.
 */
const MOST_JSON_LEVELS = 200_000

const QUOTE = 0x22
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/**
 * Whether a JSON text nests deeper than `levels`, told before it is parsed. Most texts are done with a look at their length or
 * at the number of their opening brackets. Of a text that is not valid JSON the answer means nothing, and does no harm.
 */
export function nestsTooDeep(json: Buffer, levels = MOST_JSON_LEVELS): boolean {
  // Each level has an opening and a closing byte.
  if (json.length <= levels * 2) return false
  if (!opensMoreOften(json, levels)) return false
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === QUOTE) at = skipString(json, at) - 1
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > levels) return true
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
  }
  return false
}

/** Brackets inside of strings count as well: it is a bound. */
function opensMoreOften(json: Buffer, times: number): boolean {
  let left = times
  for (const bracket of [OPEN_BRACE, OPEN_BRACKET]) {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) if (left-- === 0) return true
  }
  return false
}
