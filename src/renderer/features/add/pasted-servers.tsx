import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react'
import { useState } from 'react'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import { connectionOfPaste } from '../connection/connection-values.ts'
import { addErrors, type AddValues, emptyAddValues, toNewIntegration } from './add-values.ts'
import type { PastedServer } from './paste.ts'

interface Outcome {
  state: 'adding' | 'added' | 'failed'
  message: string
}

/** Every server of a pasted configuration: all chosen, each with its name, what it runs or reaches, and its notes. */
export function PastedServers({
  servers,
  taken,
  blocked,
  onAdded,
  onEdit,
}: {
  servers: readonly PastedServer[]
  taken: ReadonlySet<string>
  blocked: string | undefined
  onAdded: () => void
  onEdit: (server: PastedServer) => void
}) {
  const { client, stores } = useConsole()
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set())
  const [names, setNames] = useState<Readonly<Record<number, string>>>({})
  const [outcomes, setOutcomes] = useState<Readonly<Record<number, Outcome>>>({})
  const [busy, setBusy] = useState(false)

  const nameAt = (index: number): string => names[index] ?? servers[index]?.name ?? ''
  const isOpen = (index: number): boolean => outcomes[index]?.state !== 'added'
  const chosen = servers.flatMap((_, index) => (!skipped.has(index) && isOpen(index) ? [index] : []))

  const addOne = async (index: number): Promise<boolean> => {
    const server = servers[index]
    if (!server) return true
    const say = (outcome: Outcome): void => setOutcomes((before) => ({ ...before, [index]: outcome }))
    const values = valuesOf(server, nameAt(index))
    const [invalid] = addErrors(values, taken)
    if (invalid) {
      say({ state: 'failed', message: invalid.message })
      return false
    }
    say({ state: 'adding', message: '' })
    try {
      stores.integrations.getState().put(await client.integrations.create(toNewIntegration(values)))
      say({ state: 'added', message: '' })
      return true
    } catch (cause) {
      const { message, details } = problemOf(cause)
      say({ state: 'failed', message: [message, ...details.map((detail) => detail.message)].join(' ') })
      return false
    }
  }

  const addChosen = async (): Promise<void> => {
    if (blocked || busy || chosen.length === 0) return
    setBusy(true)
    let failed = 0
    // One after the other: each name is checked against the ones before it.
    for (const index of chosen) if (!(await addOne(index))) failed += 1
    setBusy(false)
    if (failed === 0) onAdded()
  }
  useCommand('submit', () => void addChosen())

  return (
    <section aria-label="Servers in this configuration">
      <div className="flex items-center justify-between">
        <h2 className="font-semibold">{countWords(servers.length, 'server')} in this configuration</h2>
        <Button
          size="small"
          look="quiet"
          onClick={() => setSkipped(skipped.size === 0 ? new Set(servers.keys()) : new Set())}
        >
          {skipped.size === 0 ? 'Choose none' : 'Choose all'}
        </Button>
      </div>
      <ul className="mt-2 border-t border-line">
        {servers.map((server, index) => {
          const outcome = outcomes[index]
          const name = nameAt(index)
          return (
            <li key={index} className="grid grid-cols-[24px_1fr_auto] items-start gap-2 border-b border-line py-2.5">
              <input
                type="checkbox"
                aria-label={`Add ${name}`}
                className="mt-2 size-4"
                checked={!skipped.has(index)}
                disabled={!isOpen(index) || busy}
                onChange={(event) =>
                  setSkipped(
                    new Set(
                      [...servers.keys()].filter((other) =>
                        other === index ? !event.target.checked : skipped.has(other),
                      ),
                    ),
                  )
                }
              />
              <div className="min-w-0">
                <input
                  aria-label={`Name of server ${index + 1}`}
                  value={name}
                  readOnly={!isOpen(index) || busy}
                  spellCheck={false}
                  onChange={(event) => setNames({ ...names, [index]: event.target.value })}
                  className={classes(
                    controlLook,
                    'h-8 max-w-60 font-mono text-code',
                    outcome?.state === 'failed' ? 'border-err' : 'border-line-strong',
                  )}
                />
                <p className="mt-1 truncate font-mono text-code text-muted" title={summaryOf(server)}>
                  {summaryOf(server)}
                </p>
                {server.notes.map((note) => (
                  <p key={note} className="text-meta text-muted">
                    {note}
                  </p>
                ))}
                <div aria-live="polite">
                  {outcome?.state === 'failed' && <p className="text-err">{outcome.message}</p>}
                </div>
              </div>
              <div className="flex h-8 items-center">
                {outcome?.state === 'added' ? (
                  <span className="flex items-center gap-1.5 text-ok">
                    <CircleCheck size={16} strokeWidth={1.75} aria-hidden /> Added
                  </span>
                ) : outcome?.state === 'adding' ? (
                  <span className="flex items-center gap-1.5 text-info">
                    <LoaderCircle size={16} strokeWidth={1.75} aria-hidden className="spin" /> Adding
                  </span>
                ) : (
                  <>
                    {outcome?.state === 'failed' && (
                      <CircleAlert size={16} strokeWidth={1.75} aria-label="Not added" className="text-err" />
                    )}
                    <Button size="small" look="quiet" onClick={() => onEdit({ ...server, name })}>
                      Edit
                    </Button>
                  </>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      <div className="mt-4 flex justify-end">
        <Button
          look="primary"
          keys={keySigns('$mod+Enter')}
          busy={busy}
          blocked={blocked ?? (chosen.length === 0 ? 'Choose at least one server' : undefined)}
          onClick={() => void addChosen()}
        >
          Add {countWords(chosen.length, 'server')}
        </Button>
      </div>
    </section>
  )
}

function valuesOf(server: PastedServer, name: string): AddValues {
  return { ...emptyAddValues(), ...connectionOfPaste(server), name, display_name: server.display_name }
}

function summaryOf(server: PastedServer): string {
  return server.transport === 'stdio' ? [server.command, ...server.args].join(' ') : server.server_url
}
