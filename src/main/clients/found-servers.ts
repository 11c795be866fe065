import { posix, win32 } from 'node:path'
import type { FoundServer } from '../../shared/contract/clients.ts'
import type { Integration, McpSettings, NewMcpIntegration } from '../../shared/contract/integrations.ts'
import { RESERVED_SLUGS } from '../../shared/contract/words.ts'
import { freeSlug } from '../../shared/slug.ts'
import type { ClientConfig } from './client-config.ts'
import { GATEWAY_NAME } from './gateway-entry.ts'
import { integrationOfEntry } from './integration-of-entry.ts'
import { maskArguments, maskText } from './masking.ts'
import type { Place } from './place.ts'
import { readServerEntry, type ServerEntry } from './server-entry.ts'
import { slugOf } from './slug-of.ts'

/** What is left of a name without one letter or digit of ours. */
const NAMELESS = 'server'

export interface FoundEntry {
  found: FoundServer
  /** What it becomes; its name is what `found` says. Undefined where there is a problem. */
  input: NewMcpIntegration | undefined
}

interface Surroundings {
  place: Place
  integrations: readonly Integration[]
  isOwnAddress: (url: URL) => boolean
}

/** Every server of these configurations but the gateway itself, each with the name that is free for it. */
export function foundServers(configs: readonly ClientConfig[], surroundings: Surroundings): FoundEntry[] {
  const taken = new Set<string>([...RESERVED_SLUGS, ...surroundings.integrations.map(({ name }) => name)])
  return configs.flatMap((config) =>
    [...config.document.servers].flatMap(([server, value]) => {
      const read = readServerEntry(value, config.facts.untypedUrl)
      const entry = 'entry' in read ? read.entry : undefined
      if (server === GATEWAY_NAME || (entry && isGateway(entry, surroundings))) return []
      const made = 'entry' in read ? imported(server, read.entry, config, surroundings.place) : read
      const input = 'input' in made ? made.input : undefined
      const name = freeSlug(slugOf(server) || NAMELESS, (slug) => taken.has(slug))
      if (input) taken.add(name)
      const mcp = input?.mcp
      return {
        found: {
          client: config.facts.id,
          server,
          name,
          transport: entry === undefined ? null : entry.kind === 'command' ? ('stdio' as const) : entry.transport,
          target: entry === undefined ? '' : targetOf(entry),
          secret_count: countSecrets(input?.credentials),
          known:
            mcp !== undefined &&
            surroundings.integrations.some((known) => known.mcp !== null && leadsTo(known.mcp, mcp)),
          problem: 'problem' in made ? made.problem : null,
        },
        input: input && { ...input, name },
      }
    }),
  )
}

function imported(server: string, entry: ServerEntry, { facts }: ClientConfig, place: Place) {
  if (entry.switchedOff) return { problem: `It is switched off in ${facts.name}. Switch it on there first.` }
  const folder = entry.kind === 'command' ? entry.cwd : undefined
  if (folder !== undefined && !folder.startsWith('$') && !posix.isAbsolute(folder) && !win32.isAbsolute(folder)) {
    return { problem: `Its folder ${folder} is relative. Write the whole path.` }
  }
  const name = slugOf(server) === '' ? NAMELESS : server
  const made = integrationOfEntry(name, entry, { place, placeholders: facts.placeholders })
  return 'input' in made && name !== server ? { input: { ...made.input, display_name: server.slice(0, 80) } } : made
}

function isGateway(entry: ServerEntry, { isOwnAddress }: Surroundings): boolean {
  return entry.kind === 'remote' && URL.canParse(entry.url) && isOwnAddress(new URL(entry.url))
}

/** The address or the command line, with what looks secret masked. */
function targetOf(entry: ServerEntry): string {
  if (entry.kind === 'remote') return maskText(entry.url)
  return maskArguments([entry.command, ...entry.args])
    .map(quoted)
    .join(' ')
}

function quoted(word: string): string {
  return /\s|^$/.test(word) ? JSON.stringify(word) : word
}

function countSecrets(credentials: NewMcpIntegration['credentials']): number {
  return Object.values(credentials ?? {}).reduce(
    (sum, value) => sum + (typeof value === 'string' ? 1 : Object.keys(value ?? {}).length),
    0,
  )
}

/** Whether both lead to the same server, whatever is said about how to speak to it. */
function leadsTo(a: McpSettings, b: McpSettings): boolean {
  if (a.transport === 'stdio' || b.transport === 'stdio') {
    return a.transport === b.transport && JSON.stringify(words(a)) === JSON.stringify(words(b))
  }
  return a.server_url === b.server_url
}

function words(mcp: McpSettings): readonly string[] {
  return mcp.transport === 'stdio' ? [mcp.command, ...mcp.args] : []
}
