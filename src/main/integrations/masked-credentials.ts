import type { MaskedCredentials } from '../../shared/contract/integrations.ts'

/** Secrets by their place: `api_token`, `api_key`, `env.NAME`, `headers.NAME`. Undefined: it is there but can't be read. */
export type SecretFields = ReadonlyMap<string, string | undefined>

const DOTS = '••••'
const SHOWN = 4
/** Of a shorter value four characters would tell too much. */
const MIN_LENGTH_TO_SHOW = 12

/** The same shape as on the way in, each value masked. */
export function maskFields(fields: SecretFields): MaskedCredentials {
  const top = [...fields].filter(([field]) => !field.includes('.')).map(([field, value]) => [field, mask(field, value)])
  const group = (prefix: 'env' | 'headers' | 'system') => {
    const entries = [...fields]
      .filter(([field]) => field.startsWith(`${prefix}.`))
      .map(([field, value]) => [field.slice(prefix.length + 1), value] as const)
      .map(([name, value]) => [name, mask(name, value)] as const)
    return entries.length === 0 ? [] : [[prefix, Object.fromEntries(entries)]]
  }
  return Object.fromEntries([...top, ...group('env'), ...group('headers'), ...group('system')]) as MaskedCredentials
}

/** Passwords and keys show nothing at all (contract.md); the end of a Basic credential is the end of its password. */
function mask(name: string, value: string | undefined): string {
  if (value === undefined || /key|pass|pwd|secret/i.test(name) || /^basic /i.test(value)) return DOTS
  const characters = Array.from(value)
  const last = characters.slice(-SHOWN).join('')
  return characters.length < MIN_LENGTH_TO_SHOW || last.includes('•') ? DOTS : DOTS + last
}
