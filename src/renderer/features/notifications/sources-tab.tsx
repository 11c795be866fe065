import { Link } from '@tanstack/react-router'
import { Plus, Trash2 } from 'lucide-react'
import { type ReactNode, type RefObject, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { HookToken } from '../../../shared/contract/hook-tokens.ts'
import { useConsole, useSystem, useWritable } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { rowTarget } from '../../ui/focus-screen.ts'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, timeWords } from '../../ui/words.ts'
import { HookTokenDialog, NewHookTokenDialog, type ShownHookToken } from './hook-token-dialogs.tsx'

/** Where events come from: programs with a hook token, the agents' tools, Prometheus, and Gatehouse itself. */
export function SourcesTab() {
  const [adding, setAdding] = useState(false)
  const [shown, setShown] = useState<ShownHookToken>()
  const section = useRef<HTMLElement>(null)
  const blocked = useWritable() ? undefined : 'Reconnecting'
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-4" tabIndex={0} aria-label="Sources">
      <div className="flex max-w-200 flex-col gap-8">
        <section ref={section} aria-label="Hook tokens">
          <div className="mb-1 flex min-h-8 flex-wrap items-center justify-between gap-2">
            <h2 className="text-section font-semibold">Hook tokens</h2>
            <Button icon={Plus} blocked={blocked} onClick={() => setAdding(true)}>
              Add hook token
            </Button>
          </div>
          <p className="mb-2 text-muted">
            An Alertmanager, or anything that can POST JSON, tells of events with one. It can do nothing else.
          </p>
          <HookTokens section={section} />
        </section>
        <AgentTools />
        <section aria-label="Prometheus">
          <h2 className="mb-1 text-section font-semibold">Prometheus</h2>
          <p className="text-muted">
            Gatehouse asks it for alerts that fire, and opens an incident when it, or one of its clusters, goes away.{' '}
            <Link
              to="/integrations/$slug/overview"
              params={{ slug: 'prometheus' }}
              className="text-accent underline underline-offset-2"
            >
              Open Prometheus
            </Link>
          </p>
        </section>
        <section aria-label="Gatehouse itself">
          <h2 className="mb-1 text-section font-semibold">Gatehouse itself</h2>
          <p className="text-muted">
            An integration that goes down, crashes again and again or needs a sign-in opens an incident, and resolves it
            when it is back. A tool whose definition changed is told as a notice. A rule decides who hears of them.
          </p>
        </section>
      </div>
      {adding && (
        <NewHookTokenDialog
          blocked={blocked}
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false)
            setShown(made)
          }}
        />
      )}
      {shown && <HookTokenDialog shown={shown} onClose={() => setShown(undefined)} />}
    </div>
  )
}

function HookTokens({ section }: { section: RefObject<HTMLElement | null> }) {
  const { client, stores } = useConsole()
  const revision = useStore(stores.hookTokens, (state) => state.revision)
  const online = useSystem((state) => state.link === 'online')
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const fail = useFailureToast()
  const now = useNow(30_000)
  const [tokens, setTokens] = useState<readonly HookToken[]>()
  const [revoking, setRevoking] = useState<HookToken>()
  const place = useRef(0)
  const [busy, setBusy] = useState(false)
  const { problem, retry } = useLoad({
    version: String(revision),
    wanted: online,
    load: (signal) => client.hook_tokens.list(undefined, { signal }),
    keep: ({ items }) => setTokens(items),
  })
  const revoke = async ({ id, name }: HookToken): Promise<void> => {
    setBusy(true)
    try {
      await client.hook_tokens.remove({ id })
      setTokens((before) => before?.filter((token) => token.id !== id))
    } catch (cause) {
      fail(`${name} was not revoked`, cause)
    } finally {
      setBusy(false)
      setRevoking(undefined)
    }
  }
  if (!tokens) {
    return problem ? (
      <ErrorState flush title="The hook tokens could not be loaded" problem={problem} onRetry={retry} />
    ) : (
      <SkeletonRows rows={2} />
    )
  }
  return (
    <>
      {tokens.length === 0 ? (
        <p className="border-t border-line py-3 text-muted">None yet.</p>
      ) : (
        <ul aria-label="Hook tokens" className="border-t border-line">
          {tokens.map((token, index) => (
            <li key={token.id} className="flex min-h-11 flex-wrap items-center gap-x-4 border-b border-line py-1">
              <span className="min-w-40 flex-1 text-strong font-medium wrap-anywhere">{token.name}</span>
              <span
                className="text-muted"
                title={token.last_used_at === null ? undefined : timeWords(token.last_used_at)}
              >
                {token.last_used_at === null ? 'Never used' : `Used ${agoWords(token.last_used_at, now)}`}
              </span>
              <span className="text-muted" title={timeWords(token.created_at)}>
                Added {agoWords(token.created_at, now)}
              </span>
              <Button
                size="small"
                icon={Trash2}
                blocked={blocked}
                aria-label={`Revoke ${token.name}`}
                onClick={() => {
                  place.current = index
                  setRevoking(token)
                }}
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={revoking !== undefined}
        busy={busy}
        onClose={() => setRevoking(undefined)}
        onConfirm={() => revoking && void revoke(revoking)}
        title={`Revoke ${revoking?.name ?? ''}?`}
        confirm="Revoke"
        focusAfterwards={() => rowTarget(section.current, place.current)}
      >
        What uses it can tell of nothing from then on. This cannot be undone; a new token has to be put where this one
        was.
      </ConfirmDialog>
    </>
  )
}

/** The gateway's own tools, in the order in which an agent would use them. */
const tools: readonly { name: string; what: string }[] = [
  { name: 'gatehouse__report_incident', what: 'opens an incident, or goes on with the one that has its key' },
  { name: 'gatehouse__update_incident', what: 'changes its severity, acknowledges or resolves it, adds a note' },
  { name: 'gatehouse__report_rca', what: 'adds the report of what caused it' },
  { name: 'gatehouse__list_incidents', what: 'finds what is open, so that nothing is reported twice' },
]

function AgentTools(): ReactNode {
  return (
    <section aria-label="Tools of agents">
      <h2 className="mb-1 text-section font-semibold">Tools of agents</h2>
      <p className="mb-2 text-muted">
        Every agent of the gateway has these, within a limit of calls a minute. What an agent says is shown as text and
        changes nothing but incidents.{' '}
        <Link to="/agents" className="text-accent underline underline-offset-2">
          Agents
        </Link>
      </p>
      <ul className="border-t border-line">
        {tools.map(({ name, what }) => (
          <li key={name} className="flex flex-wrap gap-x-3 border-b border-line py-2">
            <code className="w-60 flex-none font-mono text-code">{name}</code>
            <span className="min-w-60 flex-1 text-muted">{what}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
