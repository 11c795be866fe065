import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { McpClient } from '../../../shared/contract/clients.ts'
import { useConsole, useSystem, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Monogram } from '../../ui/monogram.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import { clientState, type ClientState } from './client-state.ts'
import { OtherClients } from './other-clients.tsx'
import { WriteConfigDialog } from './write-config-dialog.tsx'

const inks: Record<ClientState['tone'], string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  err: 'text-err',
  muted: 'text-muted',
}

/** The programs on this machine that bring agents, and whether the gateway stands in their configuration. */
export function ConnectList({ nav }: { nav: ReactNode }) {
  const { client } = useConsole()
  const navigate = useNavigate()
  const online = useSystem((state) => state.link === 'online')
  const [clients, setClients] = useState<readonly McpClient[]>()
  const [writing, setWriting] = useState<McpClient>()
  const { problem, reload } = useLoad({
    version: '',
    wanted: online,
    load: (signal) => client.clients.list(undefined, { signal }),
    keep: ({ items }) => setClients(items),
  })
  useCommand('restart', reload)

  const put = (after: McpClient): void =>
    setClients((before) => before?.map((one) => (one.id === after.id ? after : one)))
  return (
    <>
      <PageHeader title="Agents">
        <Button onClick={() => void navigate({ to: '/integrations/import' })}>Import their servers</Button>
      </PageHeader>
      {nav}
      <div className="min-h-0 flex-1 overflow-y-auto pb-8" tabIndex={0} aria-label="Connect">
        {problem && <ErrorState title="The clients could not be looked for" problem={problem} onRetry={reload} />}
        {!clients ? (
          !problem && <SkeletonRows />
        ) : (
          <ul aria-label="Clients">
            {[...clients].sort(installedFirst).map((one) => (
              <ClientRow key={one.id} mcpClient={one} onChanged={put} onWrite={() => setWriting(one)} />
            ))}
          </ul>
        )}
        <OtherClients />
      </div>
      {writing && (
        <WriteConfigDialog
          mcpClient={writing}
          onClose={() => setWriting(undefined)}
          onWritten={(after) => {
            put(after)
            setWriting(undefined)
          }}
        />
      )}
    </>
  )
}

function ClientRow({
  mcpClient,
  onChanged,
  onWrite,
}: {
  mcpClient: McpClient
  onChanged: (after: McpClient) => void
  onWrite: () => void
}) {
  const { client } = useConsole()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const [busy, setBusy] = useState<'disconnect' | 'restore'>()
  const [problem, setProblem] = useState<Problem>()
  const { id, name, state, gateway, config_path: path, server_count: others, backup_path: backup } = mcpClient
  const { words, icon: Icon, tone } = clientState(mcpClient)
  const run = async (what: 'disconnect' | 'restore'): Promise<void> => {
    setBusy(what)
    setProblem(undefined)
    try {
      onChanged(await client.clients[what]({ id }))
    } catch (cause) {
      setProblem(problemOf(cause))
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-6 py-2.5">
      <Monogram name={id} label={name} />
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-center gap-x-3">
          <span className="text-strong font-medium">{name}</span>
          <span className={classes('flex items-center gap-1.5', inks[tone])}>
            <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
            {words}
          </span>
        </p>
        <p className="text-muted">
          <span className="font-mono text-code break-all">{path}</span>
          {others > 0 && ` · ${countWords(others, 'other MCP server')}`}
        </p>
        {mcpClient.problem !== null && <p className="text-err">{mcpClient.problem}</p>}
        <div aria-live="polite">{problem && <p className="text-err">{problem.message}</p>}</div>
      </div>
      <div className="flex flex-none flex-wrap gap-2">
        {backup !== null && (
          <Button
            look="quiet"
            title={backup}
            busy={busy === 'restore'}
            blocked={blocked}
            aria-label={`Restore backup of ${name}`}
            onClick={() => void run('restore')}
          >
            Restore backup
          </Button>
        )}
        {gateway !== 'none' && state !== 'unreadable' && (
          <Button
            busy={busy === 'disconnect'}
            blocked={blocked}
            aria-label={`Disconnect ${name}`}
            onClick={() => void run('disconnect')}
          >
            Disconnect
          </Button>
        )}
        {gateway !== 'connected' && (state === 'ready' || state === 'no_file') && (
          <Button look="primary" blocked={blocked} aria-label={`Write config of ${name}`} onClick={onWrite}>
            Write config
          </Button>
        )}
      </div>
    </li>
  )
}

function installedFirst(one: McpClient, other: McpClient): number {
  return Number(one.state === 'absent') - Number(other.state === 'absent') || (one.name < other.name ? -1 : 1)
}
