import { useMemo, useState } from 'react'
import type { FoundServer, ImportOutcome } from '../../../shared/contract/clients.ts'
import { useConsole, usePlanLock, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import { ProblemAction } from '../shell/problem-action.tsx'
import { FoundServerRow } from './found-server-row.tsx'
import { useFoundServers } from './use-found-servers.ts'

const keyOf = ({ client, server }: Pick<FoundServer, 'client' | 'server'>): string => `${client}\n${server}`
/** What is chosen from the start: whatever is new and can be imported. */
const isNew = ({ known, problem }: FoundServer): boolean => !known && problem === null

/** The MCP servers in the configurations of known clients, to be moved into the gateway. */
export function FoundServers() {
  const { client } = useConsole()
  const offline = useWritable() ? undefined : 'Reconnecting'
  const planLock = usePlanLock()
  const { servers, clients, problem, reload } = useFoundServers()
  /** Where it differs from what is chosen from the start. */
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set())
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, ImportOutcome>>(new Map())
  const [removes, setRemoves] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Problem>()

  const isOpen = (server: FoundServer): boolean =>
    server.problem === null && (outcomes.get(keyOf(server))?.name ?? null) === null
  const isChosen = (server: FoundServer): boolean => isOpen(server) && isNew(server) !== flipped.has(keyOf(server))
  const open = servers?.filter((server) => isOpen(server) && isNew(server)) ?? []
  const chosen = servers?.filter(isChosen) ?? []
  const allChosen = open.length > 0 && open.every(isChosen)
  const groups = useMemo(() => [...new Set(servers?.map((server) => server.client))], [servers])

  const choose = (wanted: readonly FoundServer[], on: boolean): void => {
    const next = new Set(flipped)
    for (const server of wanted) {
      if (on === isNew(server)) next.delete(keyOf(server))
      else next.add(keyOf(server))
    }
    setFlipped(next)
  }
  const importChosen = async (): Promise<void> => {
    if (blocked !== undefined || busy || chosen.length === 0) return
    setBusy(true)
    setFailure(undefined)
    try {
      const { items } = await client.clients.import_servers({
        servers: chosen.map(({ client: id, server }) => ({ client: id, server })),
        remove_from_clients: removes,
      })
      setOutcomes(new Map([...outcomes, ...items.map((outcome) => [keyOf(outcome), outcome] as const)]))
    } catch (cause) {
      setFailure(problemOf(cause))
    } finally {
      setBusy(false)
    }
  }
  const blocked = offline ?? planLock
  useCommand('submit', () => void importChosen())
  useCommand('restart', reload)

  if (!servers) {
    return problem ? (
      <ErrorState title="The clients could not be looked through" problem={problem} onRetry={reload} />
    ) : (
      <SkeletonRows />
    )
  }
  if (servers.length === 0) {
    return (
      <EmptyState action={<Button onClick={reload}>Look again</Button>}>
        No MCP servers were found in the configurations of the clients on this machine.
      </EmptyState>
    )
  }
  return (
    <>
      {problem && <ErrorState title="The list may be out of date" problem={problem} onRetry={reload} />}
      <div className="flex flex-none items-center gap-3 border-b border-line px-6 pb-2">
        <p role="status" className="text-muted">
          {countWords(servers.length, 'server')} found, {chosen.length.toLocaleString('en')} chosen
        </p>
        <Button
          size="small"
          look="quiet"
          blocked={open.length === 0 ? 'There is nothing new to choose' : undefined}
          onClick={() => choose(allChosen ? servers : open, !allChosen)}
        >
          {allChosen ? 'Choose none' : 'Choose all'}
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-4" tabIndex={0} aria-label="Servers found">
        {groups.map((id) => (
          <section key={id} aria-label={clients.get(id)?.name ?? id}>
            <h2 className="flex items-baseline gap-2 border-b border-line px-6 pt-4 pb-2 text-meta">
              <span className="font-semibold">{clients.get(id)?.name ?? id}</span>
              <span className="truncate font-mono text-muted">{clients.get(id)?.config_path}</span>
            </h2>
            <ul>
              {servers
                .filter((server) => server.client === id)
                .map((server) => (
                  <FoundServerRow
                    key={server.server}
                    server={server}
                    outcome={outcomes.get(keyOf(server))}
                    chosen={isChosen(server)}
                    disabled={busy || !isOpen(server)}
                    busy={busy && isChosen(server)}
                    onChoose={(on) => choose([server], on)}
                  />
                ))}
            </ul>
          </section>
        ))}
      </div>
      <footer className="flex-none border-t border-line px-6 py-3">
        <div aria-live="assertive">
          {failure && (
            <div className="mb-2 flex items-start gap-3">
              <FieldError>{failure.message}</FieldError>
              <ProblemAction problem={failure} />
            </div>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              className="size-4"
              checked={removes}
              disabled={busy}
              onChange={(event) => setRemoves(event.target.checked)}
            />
            Remove from the client's config (a backup is kept)
          </label>
          <div className="ml-auto flex items-center gap-2">
            <Button
              look="primary"
              keys={keySigns('$mod+Enter')}
              busy={busy}
              blocked={blocked ?? (chosen.length === 0 ? 'Choose at least one server' : undefined)}
              onClick={() => void importChosen()}
            >
              {chosen.length === 0 ? 'Import' : `Import ${countWords(chosen.length, 'server')}`}
            </Button>
          </div>
        </div>
      </footer>
    </>
  )
}
