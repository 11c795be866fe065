import type { ApiRouter } from './api/router.ts'
import type { ApiServices } from './api/services.ts'
import type { AppOptions } from './app-options.ts'
import { Late } from './base/late.ts'
import type { ConsoleSessions } from './http/console-sessions.ts'
import { LateDoor } from './http/late-door.ts'
import { LogoDoor } from './http/logo-door.ts'
import { McpDoor } from './http/mcp-door.ts'
import { HttpServer, type Door } from './http/server.ts'
import type { LogoFiles } from './logos/logo-files.ts'

type McpDoorOptions = ConstructorParameters<typeof McpDoor>[0]

interface DoorServicesOptions
  extends
    Pick<AppOptions, 'host' | 'allowedHosts' | 'consoleDir' | 'version' | 'log'>,
    Pick<McpDoorOptions, 'agents' | 'gateway'> {
  port: number
  services: ApiServices
  agentLimits: McpDoorOptions['limits']
  logoFiles: LogoFiles
  /** Of other parts of the composition root. */
  further: readonly Door[]
  adminToken: string
  sessions: ConsoleSessions
}

export interface DoorServices {
  server: HttpServer
  /** The operations, as every door has them. */
  router: () => Promise<ApiRouter>
}

/** The part of the composition root that is about doors: who answers at which address. */
export function doorServices(options: DoorServicesOptions): DoorServices {
  const { host, port, allowedHosts, consoleDir, version, log } = options
  const { gateway, agents, services, agentLimits, logoFiles, further, adminToken, sessions } = options
  // Loaded with the first operation: the contract's schemas take megabytes, and a gateway that only serves agents needs none.
  const router = new Late(async () => (await import('./api/router.ts')).createRouter(services, log))
  const server = new HttpServer({
    host,
    port,
    allowedHosts,
    doors: [
      new McpDoor({ gateway, agents, limits: agentLimits }),
      new LateDoor(['/api/v1', '/rpc'], async () => {
        const [{ ApiDoor }, operations] = await Promise.all([import('./http/api-door.ts'), router.get()])
        return new ApiDoor({ router: operations, adminToken, sessions, version, log })
      }),
      new LogoDoor(logoFiles),
      ...further,
      new LateDoor('all', async () => {
        const { ConsoleDoor } = await import('./http/console-door.ts')
        return new ConsoleDoor({ consoleDir, sessions, log })
      }),
    ],
    log,
  })
  return { server, router: () => router.get() }
}
