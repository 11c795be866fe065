import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { RPCHandler as PortHandler } from '@orpc/server/message-port'
import { startApp, type App, type AppOptions } from '../../src/main/app.ts'
import { createLogger } from '../../src/main/base/log.ts'
import type { contract } from '../../src/shared/contract/contract.ts'
import { createHttpClient } from './http-client.ts'
// Loaded with the test and not in its first hook, whose time is limited.
import '../../src/main/api/router.ts'
import '../../src/main/http/api-door.ts'
import '../../src/main/system/registry-files.ts'

export type Client = ContractRouterClient<typeof contract>

/** Every way to the same operations: called directly, over a MessagePort (the window), HTTP, and the browser's RPC. */
export const doors = ['router', 'port', 'http', 'rpc'] as const
type DoorName = (typeof doors)[number]

export interface TestApp extends App {
  dataDir: string
  /** `http://127.0.0.1:<port>` */
  origin: string
  /** The admin's client through one of the doors. */
  client(door?: DoorName, workspace?: string): Client
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What is needed to start the real app as it ships, on a data directory of its own. */
function testAppOptions(dataDir: string): AppOptions {
  return {
    dataDir,
    version: '0.0.0-test',
    host: '127.0.0.1',
    port: 0,
    consoleDir: join(root, 'out', 'renderer'),
    resourcesDir: join(root, 'resources'),
    vault: { backend: 'key', key: randomBytes(32) },
    mintDefaultAgent: true,
    connect: 'always',
    announce: true,
    deepLinks: false,
    allowedHosts: [],
    // Configurations of clients are looked for in a home of the test's own.
    place: { home: join(dataDir, 'home'), env: {}, platform: process.platform },
    log: createLogger({ level: 'silent' }),
  }
}

/**
 * Starts the whole core in this process on a free port. Without a `dataDir` it is a fresh one that `close` removes; with
 * one, a second start finds what the first left (give the same vault key).
 */
export async function startTestApp(options: Partial<AppOptions> = {}): Promise<TestApp> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'gatehouse-test-')))
  const app = await startApp({ ...testAppOptions(dataDir), ...options })
  const router = await app.router()
  const ports: MessagePort[] = []

  const open: Record<DoorName, (workspace: string) => Client> = {
    router: (workspace) => createRouterClient(router, { context: { workspace, actor: 'window' } }),
    port: (workspace) => {
      const { port1, port2 } = new MessageChannel()
      ports.push(port1, port2)
      new PortHandler(router).upgrade(port1, { context: { workspace, actor: 'window' } })
      port1.start()
      port2.start()
      return createORPCClient(new PortLink({ port: port2 }))
    },
    http: (workspace) => createHttpClient({ apiUrl: app.urls.api_url, token: app.adminToken, workspace }),
    rpc: (workspace) => {
      const headers = { authorization: `Bearer ${app.adminToken}`, 'gatehouse-workspace': workspace }
      return createORPCClient(new RPCLink({ url: new URL('/rpc', app.urls.api_url), headers }))
    },
  }
  return {
    ...app,
    dataDir,
    origin: new URL(app.urls.api_url).origin,
    client: (door = 'router', workspace = 'default') => open[door](workspace),
    async close() {
      for (const port of ports) port.close()
      await app.close()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}
