/**
 * Threat: an export is sent to others and kept in repositories, and what its admin keeps in the open may be a secret all
 * the same: `--api-key …` in a command line, a key in an address. Whatever looks like one stays here, and its place is
 * named; what is applied later where it came from finds it again.
 */
import type { McpSettings } from '../../shared/contract/integrations.ts'
import { looksSecret } from '../../shared/secret-names.ts'
import { maskArguments, maskText } from '../clients/masking.ts'
import type { RestTarget } from '../upstream/upstream.ts'
import { restPlaces, withoutRestSecrets, withRestSecrets } from './open-rest-secrets.ts'

const DOTS = '••••'

/** Replaces every secret that the vault knows. */
type Redact = (text: string) => string

/** What an integration leads to, with all that stands in the open. */
export type OpenTarget = { protocol: 'mcp'; mcp: McpSettings } | { protocol: 'rest'; rest: RestTarget }

/** The settings for an export, and the places in them of which the value is left out: `env.NAME`, `args.2`, `server_url`. */
export function withoutOpenSecrets(target: OpenTarget, redact: Redact): { target: OpenTarget; hidden: string[] } {
  if (target.protocol === 'mcp') {
    const { mcp, hidden } = withoutMcpSecrets(target.mcp, redact)
    return { target: { protocol: 'mcp', mcp }, hidden }
  }
  const { rest, hidden } = withoutRestSecrets(target.rest, redact)
  return { target: { protocol: 'rest', rest }, hidden }
}

/** Puts the values back that an export named without them, where they are still at their places. */
export function withOpenSecrets<Wanted extends OpenTarget>(
  wanted: Wanted,
  named: readonly string[],
  existing: OpenTarget | undefined,
  redact: Redact,
): Wanted {
  if (wanted.protocol === 'mcp' && existing?.protocol === 'mcp') {
    return { ...wanted, mcp: withMcpSecrets(wanted.mcp, named, existing.mcp, redact) }
  }
  if (wanted.protocol === 'rest' && existing?.protocol === 'rest') {
    return { ...wanted, rest: withRestSecrets(wanted.rest, named, existing.rest, redact) }
  }
  return wanted
}

/** The places that an export of these settings could name. */
export function openPlaces(target: OpenTarget): string[] {
  return target.protocol === 'mcp' ? mcpPlaces(target.mcp) : restPlaces(target.rest)
}

function withoutMcpSecrets(mcp: McpSettings, redact: Redact): { mcp: McpSettings; hidden: string[] } {
  if (mcp.transport === 'stdio') {
    const { open, hidden } = split('env', mcp.env, redact)
    const args = shownArguments(mcp.args, redact)
    const masked = mcp.args.flatMap((arg, index) => (args[index] === arg ? [] : [`args.${index}`]))
    return { mcp: { ...mcp, args, env: open }, hidden: [...hidden, ...masked] }
  }
  const { open, hidden } = split('headers', mcp.headers, redact)
  const server_url = shownAddress(mcp.server_url, redact)
  const masked = server_url === mcp.server_url ? [] : ['server_url']
  return { mcp: { ...mcp, server_url, headers: open }, hidden: [...hidden, ...masked] }
}

function withMcpSecrets(
  mcp: McpSettings,
  named: readonly string[],
  existing: McpSettings,
  redact: Redact,
): McpSettings {
  const kept = (place: string, values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => named.includes(`${place}.${name}`)))
  if (mcp.transport === 'stdio') {
    if (existing.transport !== 'stdio') return mcp
    const shown = shownArguments(existing.args, redact)
    const args = mcp.args.map((arg, index) =>
      named.includes(`args.${index}`) && shown[index] === arg ? (existing.args[index] ?? arg) : arg,
    )
    return { ...mcp, args, env: { ...kept('env', existing.env), ...mcp.env } }
  }
  if (existing.transport === 'stdio') return mcp
  const isKept = named.includes('server_url') && shownAddress(existing.server_url, redact) === mcp.server_url
  return {
    ...mcp,
    server_url: isKept ? existing.server_url : mcp.server_url,
    headers: { ...kept('headers', existing.headers), ...mcp.headers },
  }
}

function mcpPlaces(mcp: McpSettings): string[] {
  if (mcp.transport !== 'stdio') return ['server_url', ...Object.keys(mcp.headers).map((name) => `headers.${name}`)]
  return [...mcp.args.map((_, index) => `args.${index}`), ...Object.keys(mcp.env).map((name) => `env.${name}`)]
}

function split(place: string, values: Record<string, string>, redact: Redact) {
  const isHidden = ([name, value]: [string, string]) => looksSecret(name, value) || redact(value) !== value
  const entries = Object.entries(values)
  return {
    open: Object.fromEntries(entries.filter((entry) => !isHidden(entry))),
    hidden: entries.filter(isHidden).map(([name]) => `${place}.${name}`),
  }
}

function shownArguments(args: readonly string[], redact: Redact): string[] {
  return maskArguments(args).map((masked, index) => (redact(args[index] ?? '') === args[index] ? masked : DOTS))
}

/** Without the query where that holds one that no name tells: an address must stay one. */
function shownAddress(address: string, redact: Redact): string {
  const masked = maskText(address)
  const { origin, pathname } = new URL(address)
  if (redact(address) === address) return masked
  return redact(pathname) === pathname ? `${origin}${pathname}?${DOTS}` : `${origin}/${DOTS}`
}
