/** Why nothing came back, with a code for programs and a sentence for a person. */
export interface Problem {
  code: string
  message: string
}

const UNTRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
const NO_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'])
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNECTION'])
const NOT_FOUND = new Set(['ENOTFOUND', 'EAI_NODATA', 'EDNS'])
const SLOW = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const MAX_DEPTH = 5

/** What kept a connection to `host:port` from being made or used, whichever library says so. */
export function connectionProblem(host: string, port: number, error: unknown): Problem {
  const all = codesOf(error)
  const code = all.find((known) => isKnown(known)) ?? all[0] ?? ''
  const place = `${host}:${port}`
  if (UNTRUSTED.has(code)) {
    const message = `The certificate of ${host} is not signed by an authority that is trusted here (${code}).`
    return { code: 'certificate_untrusted', message }
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const what = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'
    return { code: 'certificate_expired', message: `The certificate of ${host} ${what}. Its owner has to renew it.` }
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const message = `The certificate of ${host} is for another name. Enter the host that it names.`
    return { code: 'certificate_other_name', message }
  }
  if (NO_TLS.has(code)) return { code: 'no_tls', message: `${place} does not speak TLS, or no version that is safe.` }
  if (NOT_FOUND.has(code)) return { code: 'host_not_found', message: `The host ${host} was not found.` }
  if (code === 'EAI_AGAIN') return { code: 'host_not_found', message: `The name ${host} could not be looked up.` }
  if (code === 'ECONNREFUSED') {
    return { code: 'connection_refused', message: `Nothing listens at ${place}: the connection was refused.` }
  }
  if (SLOW.has(code)) return { code: 'timeout', message: `${place} did not answer in time.` }
  if (CLOSED.has(code)) return { code: 'connection_closed', message: `${place} closed the connection.` }
  const detail = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 300)
  return { code: 'unreachable', message: `${place} could not be reached: ${detail}` }
}

export function tooSlow(host: string, port: number, afterMs: number): Problem {
  return { code: 'timeout', message: `${host}:${port} did not answer within ${Math.round(afterMs / 100) / 10} s.` }
}

function isKnown(code: string): boolean {
  return (
    [UNTRUSTED, NO_TLS, CLOSED, NOT_FOUND, SLOW].some((codes) => codes.has(code)) ||
    /^CERT_|^ERR_TLS_CERT|^ECONNREFUSED$|^EAI_AGAIN$/.test(code)
  )
}

/** Of an error, its causes, and those that a failed choice of several addresses has. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return []
  // Of nodemailer: what the system said, where it says something of its own.
  const { code, originalCode } = error as NodeJS.ErrnoException & { originalCode?: unknown }
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : []
  return [
    ...[originalCode, code].filter((one) => typeof one === 'string'),
    ...codesOf(error.cause, depth + 1),
    ...inner.flatMap((one) => codesOf(one, depth + 1)),
  ]
}
