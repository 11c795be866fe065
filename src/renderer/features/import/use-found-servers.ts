import { useState } from 'react'
import type { FoundServer, McpClient } from '../../../shared/contract/clients.ts'
import { useConsole, useSystem } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'

export interface FoundServersLoad {
  servers: readonly FoundServer[] | undefined
  /** The clients that they were found in, by id. */
  clients: ReadonlyMap<string, McpClient>
  problem: Problem | undefined
  reload: () => void
}

/** Looks into the configurations of known clients when the screen opens, and again when it is asked to. */
export function useFoundServers(): FoundServersLoad {
  const { client } = useConsole()
  const online = useSystem((state) => state.link === 'online')
  const [found, setFound] = useState<{ servers: readonly FoundServer[]; clients: ReadonlyMap<string, McpClient> }>()
  const { problem, reload } = useLoad({
    version: '',
    wanted: online,
    load: (signal) =>
      Promise.all([client.clients.servers(undefined, { signal }), client.clients.list(undefined, { signal })]),
    keep: ([servers, clients]) =>
      setFound({ servers: servers.items, clients: new Map(clients.items.map((one) => [one.id, one])) }),
  })
  return { servers: found?.servers, clients: found?.clients ?? new Map(), problem, reload }
}
