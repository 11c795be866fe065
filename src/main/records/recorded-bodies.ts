import type { Redactor } from '../base/redact.ts'

/** A longer text is cut: the log is to understand a call, not to keep its data. */
const MAX_CHARACTERS = 64 * 1024
/** Of an error's message. */
const MAX_WORDS = 1_000
/** A secret has at most so many characters: what is cut off is this much longer, so that no part of one is left. */
const MAX_SECRET_CHARACTERS = 16_384
/** Of one UTF-16 unit in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 3

export interface RawBodies {
  request: string
  response: string
}

/** The texts of a call as far as they will be looked at: a copy, because the buffers belong to the connection. */
export function rawBodies(request: Buffer, response: readonly Buffer[]): RawBodies {
  return { request: textOf([request]), response: textOf(response) }
}

/** What is kept of a text: no secret that the vault knows, no value of a member with a telling name, no more than the limit. */
export function recordedText(raw: string, redactor: Redactor): { text: string; truncated: boolean } {
  return kept(redactor.text(redactor.members(raw)), raw.length, MAX_CHARACTERS)
}

/** The words of an error: a server may repeat in them what it was given. */
export function recordedWords(words: string, redactor: Redactor): string {
  const seen = words.slice(0, MAX_WORDS + MAX_SECRET_CHARACTERS)
  return kept(redactor.text(seen), words.length, MAX_WORDS).text
}

/** `clean` is what became of a text that had `length` characters. Of a secret at the end of a longer one a part may be left. */
function kept(clean: string, length: number, most: number): { text: string; truncated: boolean } {
  if (length <= most) return { text: clean, truncated: false }
  const safe = length < most + MAX_SECRET_CHARACTERS ? clean.length : Math.max(0, clean.length - MAX_SECRET_CHARACTERS)
  return { text: clean.slice(0, Math.min(safe, most)), truncated: true }
}

function textOf(pieces: readonly Buffer[]): string {
  const limit = (MAX_CHARACTERS + MAX_SECRET_CHARACTERS) * MAX_BYTES_PER_CHARACTER
  let text = ''
  for (const piece of pieces) {
    text += piece.toString('utf8', 0, limit)
    if (text.length > MAX_CHARACTERS + MAX_SECRET_CHARACTERS) break
  }
  return text.slice(0, MAX_CHARACTERS + MAX_SECRET_CHARACTERS)
}
