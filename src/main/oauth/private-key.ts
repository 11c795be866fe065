import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { CryptoKey } from 'oauth4webapi'
import { OAuthError } from './oauth-error.ts'

type Algorithm = { name: 'ECDSA'; namedCurve: string } | { name: 'RSASSA-PKCS1-v1_5'; hash: string }

/** A key of private_key_jwt (RFC 7523, 2.2), ready to sign; its kind decides whether with ES256 or RS256. */
export async function signingKeyOf(pem: string): Promise<CryptoKey> {
  const key = keyOf(pem)
  const der = key.export({ type: 'pkcs8', format: 'der' })
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithmOf(key), false, ['sign'])
}

/** What a server may know of it, to register a client with (RFC 7517). */
export function publicJwkOf(pem: string): Record<string, string> {
  const key = keyOf(pem)
  const alg = algorithmOf(key).name === 'ECDSA' ? 'ES256' : 'RS256'
  const jwk = createPublicKey(pem).export({ format: 'jwk' }) as Record<string, string>
  return { ...jwk, use: 'sig', alg }
}

function keyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // Its words are about ASN.1, and for nobody.
    throw unusable('The private key can not be read.')
  }
}

function algorithmOf(key: KeyObject): Algorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return { name: 'ECDSA', namedCurve: 'P-256' }
  // RFC 7518, 3.3.
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  throw unusable('The private key is of a kind that can not be used.')
}

function unusable(message: string): OAuthError {
  const fix = 'Enter an EC key on the curve P-256, or an RSA key of at least 2048 bits, as PKCS#8 in PEM form.'
  return new OAuthError('settings', message, { fix })
}
