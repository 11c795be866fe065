import { AppError } from '../../base/app-error.ts'
import type { ErrorCode } from '../../../shared/contract/error-table.ts'
import { networkError } from '../../upstream/http-errors.ts'

/** Codes of OpenSSL and of Node, and which field they are about. */
const UNTRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
const WANTS_CERTIFICATE =
  /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_CERTIFICATE/

/** A failure that is about one field of the integration. */
export function fieldError(code: ErrorCode, path: string, message: string, cause?: unknown): AppError {
  return new AppError(code, { message, cause, details: [{ path, message }] })
}

/** Why an API could not be reached, with the field where that may be mended. */
export function apiError(url: URL, error: Error, connectTimeoutMs: number): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const { host } = url
  if (UNTRUSTED.has(code)) {
    const message = `The certificate of ${host} is not signed by an authority that is trusted here (${code}). Add its authority's certificate.`
    return fieldError('upstream_unavailable', 'rest.ca', message, error)
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const message = `The certificate of ${host} has expired or is not valid yet (${code}). Its owner has to renew it.`
    return fieldError('upstream_unavailable', 'rest.base_url', message, error)
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const message = `The certificate of ${host} is for another name. Enter the host that it names.`
    return fieldError('upstream_unavailable', 'rest.base_url', message, error)
  }
  if (WANTS_CERTIFICATE.test(code)) {
    const message = `${host} refused the TLS connection (${code}). It may want a client certificate, or another one.`
    return fieldError('upstream_unavailable', 'rest.client_certificate', message, error)
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    const message = `${host} does not speak TLS. Use http:// if the API is meant to be reached without it.`
    return fieldError('upstream_unavailable', 'rest.base_url', message, error)
  }
  const tunnel = /Proxy response \((\d+)\)/.exec(error.message)
  if (tunnel) {
    const message = `The proxy answered ${tunnel[1] ?? ''} and opened no connection to ${host}.`
    return fieldError('upstream_unavailable', 'rest.proxy_url', message, error)
  }
  const known = networkError(url, error, connectTimeoutMs)
  const isClosed = url.protocol === 'https:' && CLOSED.has(code)
  const hint = isClosed ? ' Servers that want a client certificate, or another one, do so.' : ''
  return fieldError(known.code, 'rest.base_url', known.message + hint, error)
}

/** Whether another attempt may end otherwise. A certificate stays what it is. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== 'upstream_unavailable') return false
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? ''
  return ['EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'EHOSTUNREACH'].includes(
    code,
  )
}
