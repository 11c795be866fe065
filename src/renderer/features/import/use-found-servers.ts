import { useEffect, useState } from 'react'
import type { FoundServer, McpClient } from '../../../shared/contract/clients.ts'
import { useConsole, useSystem } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'

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
  const [problem, setProblem] = useState<Problem>()
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (!online) return
    const left = new AbortController()
    const load = async (): Promise<void> => {
      try {
        const [servers, clients] = await Promise.all([
          client.clients.servers(undefined, { signal: left.signal }),
          client.clients.list(undefined, { signal: left.signal }),
        ])
        if (left.signal.aborted) return
        setFound({ servers: servers.items, clients: new Map(clients.items.map((one) => [one.id, one])) })
        setProblem(undefined)
      } catch (cause) {
        if (!left.signal.aborted) setProblem(problemOf(cause))
      }
    }
    void load()
    return () => left.abort()
  }, [client, online, attempt])
  return {
    servers: found?.servers,
    clients: found?.clients ?? new Map(),
    problem,
    reload: () => setAttempt((before) => before + 1),
  }
}
