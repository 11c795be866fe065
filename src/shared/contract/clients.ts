import { z } from 'zod'
import { operation, page } from './operation.ts'

/** Programs that bring agents, whose configuration files are documented. */
export const ClientId = z.enum([
  'claude-code',
  'claude-desktop',
  'cursor',
  'vscode',
  'codex',
  'gemini',
  'windsurf',
  'zed',
])
export type ClientId = z.infer<typeof ClientId>

export const McpClient = z.object({
  id: ClientId,
  name: z.string(),
  config_path: z.string(),
  /** `absent`: the program seems not to be installed. `no_file`: it is, and has no such file yet. */
  state: z.enum(['absent', 'no_file', 'ready', 'unreadable']),
  /** Why it can't be read or written, and what to do. */
  problem: z.string().nullable(),
  /** Whether the gateway stands in it. `stale`: with another address than now, or a token that is no longer good. */
  gateway: z.enum(['none', 'connected', 'stale']),
  /** The name of the agent that it calls as, where that is known. */
  agent: z.string().nullable(),
  /** MCP servers in it beside the gateway. */
  server_count: z.int().nonnegative(),
  /** The newest copy that was kept before we wrote. */
  backup_path: z.string().nullable(),
})
export type McpClient = z.infer<typeof McpClient>

/** What would be written. Tokens and other values that look secret are masked in the texts. */
export const ConfigChange = z.object({
  config_path: z.string(),
  /** Unified diff, empty when nothing changes. */
  diff: z.string(),
  /** Names the content that the diff was made from; a write with it fails (409 `in_use`) once the file is another. */
  revision: z.string(),
})
export type ConfigChange = z.infer<typeof ConfigChange>

/** One MCP server found in a client's configuration. */
export const FoundServer = z.object({
  client: ClientId,
  /** As the client names it. */
  server: z.string(),
  /** Slug that it would get. */
  name: z.string(),
  transport: z.enum(['sse', 'http', 'stdio']).nullable(),
  /** Command line or URL, secrets masked. */
  target: z.string(),
  /** How many values would go to the vault. */
  secret_count: z.int().nonnegative(),
  /** The same server is already an integration of this workspace. */
  known: z.boolean(),
  /** Why it can't be imported; null when it can. */
  problem: z.string().nullable(),
})
export type FoundServer = z.infer<typeof FoundServer>

export const ImportOutcome = z.object({
  client: ClientId,
  server: z.string(),
  /** The integration it became; null when it failed. */
  name: z.string().nullable(),
  problem: z.string().nullable(),
})
export type ImportOutcome = z.infer<typeof ImportOutcome>

const ByClient = z.strictObject({ id: ClientId })

export const clients = {
  list: operation
    .route({ method: 'GET', path: '/clients', summary: 'Known MCP clients on this machine and how they stand' })
    .output(page(McpClient)),
  preview: operation
    .route({
      method: 'POST',
      path: '/clients/{id}/preview',
      summary: 'What connecting this client would write, as a diff; writes nothing',
    })
    .input(ByClient)
    .output(ConfigChange),
  connect: operation
    .route({
      method: 'POST',
      path: '/clients/{id}/connect',
      summary: 'Write the gateway into the configuration of this client, with a token of its own; keeps a backup',
    })
    .input(ByClient.extend({ revision: z.string().optional() }))
    .output(McpClient),
  disconnect: operation
    .route({
      method: 'POST',
      path: '/clients/{id}/disconnect',
      summary: 'Take the gateway out of the configuration of this client; keeps a backup',
    })
    .input(ByClient)
    .output(McpClient),
  restore: operation
    .route({
      method: 'POST',
      path: '/clients/{id}/restore',
      summary: 'Put the newest backup back; what stood there is kept as a backup in turn',
    })
    .input(ByClient)
    .output(McpClient),
  servers: operation
    .route({
      method: 'GET',
      path: '/clients/servers',
      summary: 'The MCP servers in the configurations of known clients, the gateway itself left out',
    })
    .output(page(FoundServer)),
  import_servers: operation
    .route({
      method: 'POST',
      path: '/clients/servers/import',
      summary: 'Make integrations of servers that were found, secrets into the vault; one that fails stops no other',
    })
    .input(
      z.strictObject({
        servers: z.array(z.strictObject({ client: ClientId, server: z.string() })).max(1000),
        /** Take what was imported out of the client's configuration, with a backup. */
        remove_from_clients: z.boolean().default(false),
      }),
    )
    .output(page(ImportOutcome)),
}
