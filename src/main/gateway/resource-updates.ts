import { members } from '../base/json-members.ts'
import type { ServerNotification } from '../upstream/upstream.ts'
import { META } from './protocol.ts'
import { gatewayUri } from './resource-uri.ts'

interface Subscribed {
  /** As the agent knows it. */
  uri: string
  slug: string
  /** As the server does. */
  key: string
}

/** What the agent knows the changed resource by. It may be one below the one that was subscribed to. */
export function updatedUri({ value }: ServerNotification, { uri, slug, key }: Subscribed): string {
  if (typeof value.uri !== 'string' || value.uri === key) return uri
  return uri === key ? value.uri : gatewayUri(slug, value.uri)
}

/**
 * `notifications/resources/updated` for an agent: its own URI, and in place of the id of the upstream's stream its own one
 * (JSON text; undefined: a legacy agent, which has none). Everything else stays.
 */
export function updatedMessage(
  { params }: ServerNotification,
  uri: string,
  subscriptionId: string | undefined,
): Buffer {
  const written = [`"uri":${JSON.stringify(uri)}`]
  const meta: string[] = subscriptionId === undefined ? [] : [`"${META.subscriptionId}":${subscriptionId}`]
  if (params !== undefined) {
    for (const [key, [from, to]] of members(params)) {
      if (key === '_meta') meta.push(...membersBut(params, from, META.subscriptionId))
      else if (key !== 'uri') written.push(`${JSON.stringify(key)}:${params.toString('utf8', from, to)}`)
    }
  }
  if (meta.length > 0) written.push(`"_meta":{${meta.join(',')}}`)
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{${written.join(',')}}}`)
}

function membersBut(json: Buffer, from: number, left: string): string[] {
  const kept = [...members(json, from)].filter(([key]) => key !== left)
  return kept.map(([key, [start, end]]) => `${JSON.stringify(key)}:${json.toString('utf8', start, end)}`)
}
