import type * as Tls from 'node:tls'

/** Those that are trusted without any setting, and `ca`. An older Node knows no others than its own. */
export function authoritiesWith(ca: string, tls: typeof Tls): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] }
  return [...(getCACertificates?.('default') ?? tls.rootCertificates), ca]
}
