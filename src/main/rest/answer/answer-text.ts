import type { AnswerBody } from './answer-body.ts'
import type { SecretFilter } from '../../upstream/secret-filter.ts'
import { mediaParameter } from '../media-type.ts'

export function decodedText(bytes: Buffer, contentType: string): string {
  const charset = mediaParameter(contentType, 'charset') ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
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
  const start = filter.text(trimmed(decodedText(head, contentType))).slice(0, half)
  const end =
    tail === null || tail.length === 0 ? '' : filter.text(trimmed(decodedText(tail, contentType))).slice(-half)
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
