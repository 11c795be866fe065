import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RunningServer {
  /** `http://127.0.0.1:<port>` */
  origin: string
  /** At once, as if its process had been killed. */
  close: () => Promise<void>
}

/** On the loopback address, on a free port unless one is given. */
export async function listen(server: Server, port = 0): Promise<RunningServer> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
