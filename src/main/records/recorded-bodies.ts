import type { Redactor } from '../base/redact.ts'

/** A longer text is cut: the log is to understand a call, not to keep its data. */
const MAX_CHARACTERS = 64 * 1024
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
  const isWhole = raw.length <= MAX_CHARACTERS
  const clean = redactor.text(isWhole ? redactMembers(raw, redactor) : raw)
  if (isWhole) return { text: clean, truncated: false }
  const safe = Math.max(0, clean.length - MAX_SECRET_CHARACTERS)
  return { text: clean.slice(0, Math.min(safe, MAX_CHARACTERS)), truncated: true }
}

/** A text without a telling name in it stays as it was, byte for byte. */
function redactMembers(raw: string, redactor: Redactor): string {
  try {
    const value: unknown = JSON.parse(raw)
    const clean = redactor.members(value)
    return clean === value ? raw : JSON.stringify(clean)
  } catch {
    return raw
  }
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
