import { isDeepStrictEqual } from 'node:util'
import type { McpClient } from '../../shared/contract/clients.ts'
import type { BridgeCommand, ClientFacts } from './client-facts.ts'
import type { ServerFields } from './config-document.ts'
import { readServerEntry } from './server-entry.ts'

/** The name that the gateway goes by in every client. */
export const GATEWAY_NAME = 'gatehouse'

/** Where the gateway is for a client. */
export interface GatewayTarget {
  url: string
  bridge: BridgeCommand
}

/** Who owns a token; undefined where it is nobody's. */
export type TokenOwner = (token: string) => { id: string; name: string; workspace: string } | undefined

/** What is written into the configuration of a client. */
export function gatewayFields({ gateway }: ClientFacts, { url, bridge }: GatewayTarget, token: string): ServerFields {
  return gateway.kind === 'bridge' ? gateway.fields(bridge) : gateway.fields(url, authorizationOf(token))
}

export function authorizationOf(token: string): string {
  return `Bearer ${token}`
}

/** How the gateway stands in a configuration, and the agent that it is called as. */
export interface GatewayStanding {
  gateway: McpClient['gateway']
  agent: string | null
  /** Of the agent, where the token tells it. */
  agentId: string | null
}

/** `stale`: with another address, another command or a token that is no longer good. */
export function gatewayStanding(entry: unknown, target: GatewayTarget, ownerOf: TokenOwner): GatewayStanding {
  if (entry === undefined) return { gateway: 'none', agent: null, agentId: null }
  const read = readServerEntry(entry)
  if ('problem' in read) return { gateway: 'stale', agent: null, agentId: null }
  if (read.entry.kind === 'command') {
    const { command, args } = read.entry
    const agent = args[args.indexOf('--agent') + 1]
    const same = isDeepStrictEqual({ command, args }, target.bridge)
    return {
      gateway: same ? 'connected' : 'stale',
      agent: args.includes('--agent') ? (agent ?? null) : null,
      agentId: null,
    }
  }
  const { url, headers, tokenVariable } = read.entry
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  const owner = token === undefined ? undefined : ownerOf(token)
  // A token that the client takes from elsewhere may be good: nobody here can tell.
  const fromElsewhere = tokenVariable !== undefined || token?.includes('$') === true
  const reaches = samePlace(url, target.url) && (owner !== undefined || fromElsewhere)
  return { gateway: reaches ? 'connected' : 'stale', agent: owner?.name ?? null, agentId: owner?.id ?? null }
}

/** `?mode=lazy` is the person's choice. */
function samePlace(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return false
  const [first, second] = [new URL(a), new URL(b)]
  return first.origin === second.origin && first.pathname === second.pathname
}
