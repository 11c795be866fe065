import { randomUUID } from 'node:crypto'

export interface Part {
  name: string
  bytes: Buffer
  contentType?: string | undefined
  filename?: string | undefined
}

/** `multipart/form-data` (RFC 7578), with names escaped as browsers do (WHATWG HTML, 4.10.21.8). */
export function multipart(contentType: string, parts: readonly Part[]): { contentType: string; bytes: Buffer } {
  const boundary = `gatehouse-${randomUUID()}`
  const chunks = parts.flatMap(({ name, bytes, contentType: type, filename }) => {
    const file = filename === undefined ? '' : `; filename="${quoted(filename)}"`
    const disposition = `content-disposition: form-data; name="${quoted(name)}"${file}\r\n`
    const typed = type === undefined ? '' : `content-type: ${type.replace(/[^\t\x20-\x7e]/g, '')}\r\n`
    return [Buffer.from(`--${boundary}\r\n${disposition}${typed}\r\n`), bytes, Buffer.from('\r\n')]
  })
  return {
    contentType: `${contentType}; boundary=${boundary}`,
    bytes: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  }
}

/** A quote or a line break in a name would begin something else. */
function quoted(name: string): string {
  return name.replace(/[\r\n"]/g, (character) => encodeURIComponent(character)).replace(/[\x00-\x1f\x7f]/g, '')
}
