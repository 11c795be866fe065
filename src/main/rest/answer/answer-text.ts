import type { AnswerBody } from './answer-body.ts'
import type { SecretFilter } from '../../upstream/secret-filter.ts'
import { isJson, mediaParameter } from '../media-type.ts'

export function decodedText(bytes: Buffer, contentType: string): string {
  const charset = mediaParameter(contentType, 'charset') ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

/** What an escape of JSON is that need not be one: `\/` as PHP writes it, `\u002b` as .NET does. */
const ESCAPE = /\\(?:u00([2-7][0-9a-fA-F])|[^])/g

/**
 * The text of an answer, of JSON with characters as they are where they may be. Threat: a credential that the API repeats,
 * and that is not found because `/`, `+` or `=` in it are written otherwise.
 */
export function answerText(bytes: Buffer, contentType: string, isJsonText = isJson(contentType)): string {
  const text = decodedText(bytes, contentType)
  if (!isJsonText || !/\\(?:\/|u00)/.test(text)) return text
  return text.replace(ESCAPE, (escape, code?: string) => {
    if (code === undefined) return escape === '\\/' ? '/' : escape
    const character = String.fromCharCode(Number.parseInt(code, 16))
    return /["\\\x7f]/.test(character) ? JSON.stringify(character).slice(1, -1) : character
  })
}

/**
 * Head and tail of a text that is too long, with what is between them. A secret that the cut would divide is masked before:
 * half of it is not found any more.
 */
export function cutText(
  { head, tail, total }: AnswerBody,
  contentType: string,
  characters: number,
  filter: SecretFilter,
): string {
  const half = Math.floor(characters / 2)
  const start = filter.text(trimmed(answerText(head, contentType))).slice(0, half)
  const end = tail === null || tail.length === 0 ? '' : filter.text(trimmed(answerText(tail, contentType))).slice(-half)
  const size = total === null ? 'more than 64 MiB' : formatBytes(total)
  const note = `\n\n[… cut: the answer is ${size} long. Above are its first ${formatCount(start.length)} characters${
    end === '' ? '' : `, below its last ${formatCount(end.length)}`
  }. Ask for less, with arguments that filter, select fields or page. …]`
  return end === '' ? start + note : `${start}${note}\n\n${end}`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

function formatCount(count: number): string {
  return count.toLocaleString('en')
}

/** Without the halves of characters that a cut leaves. */
function trimmed(text: string): string {
  return text.replace(/^\ufffd{1,3}|\ufffd{1,3}$/g, '')
}

const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g

/** JSON text without white space between its tokens, which an agent would pay for. Numbers stay as they are written. */
export function compactJson(text: string): string {
  return /[\n\t]| {2}/.test(text) ? text.replace(TOKEN, '$1') : text
}
