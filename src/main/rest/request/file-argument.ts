import { essenceOf, mediaParameter } from '../media-type.ts'
import { unfit } from '../arguments/unfit-arguments.ts'

export interface FileArgument {
  bytes: Buffer
  /** As the data URL says. */
  contentType: string | undefined
  filename: string | undefined
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'application/xml': 'xml',
  'application/zip': 'zip',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/plain': 'txt',
  'video/mp4': 'mp4',
}

/** The bytes that an agent gave as base64 or as a data URL (RFC 2397), which may say their type and `name=`. */
export function fileOf(argument: string, value: unknown): FileArgument {
  if (typeof value !== 'string') throw unfit(argument, 'must be a file: base64 text or a data URL.')
  if (!value.startsWith('data:')) return { bytes: base64(argument, value), contentType: undefined, filename: undefined }
  const comma = value.indexOf(',')
  if (comma === -1) throw unfit(argument, 'is a data URL without a comma. It begins "data:<type>;base64,".')
  const head = value.slice('data:'.length, comma)
  const isBase64 = /;\s*base64\s*$/i.test(head)
  const type = head.replace(/;\s*base64\s*$/i, '')
  // It becomes a header, of the request or of a part: a line break in it would begin a header, or a field, of the agent's own.
  if (!/^[\x20-\x7e]*$/.test(type)) throw unfit(argument, 'is a data URL whose type has characters that no type has.')
  const data = value.slice(comma + 1)
  const name = mediaParameter(type, 'name') ?? mediaParameter(type, 'filename')
  return {
    bytes: isBase64 ? base64(argument, unescaped(argument, data)) : Buffer.from(unescaped(argument, data)),
    contentType: essenceOf(type) === '' ? undefined : type.replace(/;\s*(?:file)?name=[^;]*/i, ''),
    filename: name === undefined ? undefined : unescaped(argument, name),
  }
}

/** A name for a file that came without one. */
export function filenameFor(field: string, contentType: string): string {
  return `${field.replace(/[^A-Za-z0-9._-]/g, '_')}.${EXTENSIONS[essenceOf(contentType)] ?? 'bin'}`
}

function base64(argument: string, text: string): Buffer {
  const clean = /\s/.test(text) ? text.replace(/\s+/g, '') : text
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(clean)) {
    throw unfit(
      argument,
      'is not base64. Give the bytes of the file as base64, or as a data URL "data:<type>;base64,…".',
    )
  }
  return Buffer.from(clean, 'base64')
}

function unescaped(argument: string, text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw unfit(argument, 'is a data URL with a broken % escape.')
  }
}
