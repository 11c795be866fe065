/**
 * Threat: an exported document is sent to others and kept in repositories, and what its admin keeps in the open may be a
 * secret all the same: a header, a hidden constant, a key in the fixed query of a path. In doubt it stays here, and its
 * place is named.
 */
import type { AuthSettings, AuthType, RestChanges } from '../../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../../shared/contract/rest.ts'
import { looksSecret } from '../../../../shared/secret-names.ts'

/** A REST integration as far as a document tells of it. */
export interface ExportedApi {
  name: string
  display_name: string
  description: string
  auth_type: AuthType
  auth_header_prefix: string
  auth: AuthSettings
  rest: Pick<RestChanges, 'base_url' | 'headers' | 'timeout_s' | 'max_concurrency' | 'retries' | 'max_answer_kib'>
  tools: readonly RestTool[]
}

/** Replaces every secret that the vault knows. */
type Redact = (text: string) => string

/** The same without what looks like a secret, and the places that it was at: `headers.X-Key`, `tools.list.parameters.key`. */
export function withoutSecrets(api: ExportedApi, redact: Redact): { api: ExportedApi; leftOut: string[] } {
  const isSecret = (name: string, value: string) => looksSecret(name, value) || redact(value) !== value
  const leftOut = redact(api.rest.base_url) === api.rest.base_url ? [] : ['base_url']
  const headers = Object.entries(api.rest.headers).filter(([name, value]) => {
    const stays = !isSecret(name, value)
    if (!stays) leftOut.push(`headers.${name}`)
    return stays
  })
  const tools = api.tools.map((tool) => {
    const path = pathWithout(tool.path, isSecret)
    if (path !== tool.path) leftOut.push(`tools.${tool.name}.path`)
    const parameters = tool.parameters.filter(({ name, constant }) => {
      const isText = typeof constant === 'string' || typeof constant === 'number'
      const stays = !isText || !isSecret(name, String(constant))
      if (!stays) leftOut.push(`tools.${tool.name}.parameters.${name}`)
      return stays
    })
    return path === tool.path && parameters.length === tool.parameters.length ? tool : { ...tool, path, parameters }
  })
  return { api: { ...api, rest: { ...api.rest, headers: Object.fromEntries(headers) }, tools }, leftOut }
}

/** Without those members of its fixed query. */
function pathWithout(path: string, isSecret: (name: string, value: string) => boolean): string {
  const [start, query] = splitOnce(path, '?')
  if (query === undefined) return path
  const kept = query.split('&').filter((member) => {
    const [[name, value] = ['', '']] = new URLSearchParams(member)
    return !isSecret(name, value)
  })
  return kept.length === 0 ? start : `${start}?${kept.join('&')}`
}

function splitOnce(text: string, mark: string): [before: string, after: string | undefined] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)]
}
