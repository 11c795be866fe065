/** What the editor offers; another can be typed in the JSON of an export. */
export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY'] as const

/** Methods that only read (RFC 9110, 9.2.1; QUERY: RFC 10008). */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])

/** Whether a request with this method may change something in the API. */
export function isWriting(method: string): boolean {
  return !READING.has(method)
}
