/** Methods that only read (RFC 9110, 9.2.1; QUERY: RFC 10008). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])
/** Methods that a second time change nothing more (RFC 9110, 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set([...SAFE, 'PUT', 'DELETE'])

/** Whether requests with this method only read. */
export function isReading(method: string): boolean {
  return SAFE.has(method)
}

/** Whether a request with this method may be sent again when nobody knows what became of it. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}
