import { X509Certificate } from 'node:crypto'
import { AppError } from '../../base/app-error.ts'
import { messageOf } from '../../base/message-of.ts'
import { authoritiesWith } from '../../rest/client/authorities.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** Whom connections of a channel trust: whoever is trusted without it, and its own authority. Undefined: nobody else. */
export async function trusted(ca: string | undefined): Promise<string[] | undefined> {
  return ca === undefined ? undefined : [...authoritiesWith(ca, await import('node:tls'))]
}

/** OpenSSL passes over what it can not read. Throws AppError `invalid_input` with the field at `path`. */
export function checkAuthorities(ca: string, path: string): void {
  const certificates = ca.match(CERTIFICATE) ?? []
  if (certificates.length === 0) throw unfit(path, 'There is no certificate in it.')
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate)
    } catch (cause) {
      throw unfit(path, `The certificate can not be read: ${messageOf(cause)}`, cause)
    }
  }
}

function unfit(path: string, message: string, cause?: unknown): AppError {
  return new AppError('invalid_input', { message, details: [{ path, message }], cause })
}
