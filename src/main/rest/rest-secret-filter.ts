import { SecretFilter } from '../upstream/secret-filter.ts'
import type { RestSecrets } from '../upstream/upstream.ts'

/** The filter of answers: each credential by itself, as it is sent, and what is inside of `Basic`. */
export function restSecretFilter({ headers, query, cookies, tlsKey }: RestSecrets): SecretFilter {
  const parts = Object.values(headers).flatMap((value) => {
    const encoded = /^Basic (\S+)$/i.exec(value)?.[1]
    if (encoded === undefined) return []
    const pair = Buffer.from(encoded, 'base64').toString()
    return [pair.slice(pair.indexOf(':') + 1)]
  })
  const values = [
    ...Object.values(query),
    ...Object.values(cookies),
    ...parts,
    ...(tlsKey === undefined ? [] : [tlsKey]),
  ]
  return new SecretFilter({ headers, env: Object.fromEntries(values.map((value, index) => [String(index), value])) })
}
