import { Link, useNavigate } from '@tanstack/react-router'
import { Copy, Pencil, Send, Trash2 } from 'lucide-react'
import { type RefObject, useRef, useState } from 'react'
import type { Channel } from '../../../shared/contract/channels.ts'
import type { Rule } from '../../../shared/contract/rules.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { rowTarget } from '../../ui/focus-screen.ts'
import { OverflowMenu } from '../../ui/menu.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import { isMuted, untilWords } from './channel-words.ts'
import { conditionWords, timingWords } from './rule-words.ts'
import { TestOutcome } from './test-outcome.tsx'

/** The rules that somebody made, and those of presets that somebody changed. */
export function OwnRules({
  rules,
  channels,
  section,
}: {
  rules: readonly Rule[]
  channels: readonly Channel[]
  /** What the list is in. */
  section: RefObject<HTMLElement | null>
}) {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const [deleting, setDeleting] = useState<Rule>()
  const place = useRef(0)
  const [busy, setBusy] = useState(false)
  const remove = async (rule: Rule): Promise<void> => {
    setBusy(true)
    try {
      await client.rules.remove({ id: rule.id })
      stores.rules.getState().remove(rule.id)
    } catch (cause) {
      fail(`${rule.name} was not deleted`, cause)
    } finally {
      setBusy(false)
      setDeleting(undefined)
    }
  }
  return (
    <>
      <ul aria-label="Rules" className="border-t border-line">
        {rules.map((rule, index) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            channels={channels}
            onDelete={() => {
              place.current = index
              setDeleting(rule)
            }}
          />
        ))}
      </ul>
      <ConfirmDialog
        open={deleting !== undefined}
        busy={busy}
        onClose={() => setDeleting(undefined)}
        onConfirm={() => deleting && void remove(deleting)}
        title={`Delete ${deleting?.name ?? ''}?`}
        confirm="Delete"
        focusAfterwards={() => rowTarget(section.current, place.current)}
      >
        It tells nobody of anything from then on. What it has told already is still followed up: resolves go where the
        openings went. This cannot be undone.
      </ConfirmDialog>
    </>
  )
}

function RuleRow({ rule, channels, onDelete }: { rule: Rule; channels: readonly Channel[]; onDelete: () => void }) {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const fail = useFailureToast()
  const writable = useWritable()
  const now = useNow(30_000)
  const [results, setResults] = useState<{ name: string; ok: boolean; message: string }[]>()
  const names = rule.channels.flatMap((id) => channels.find((channel) => channel.id === id)?.name ?? [])
  const timing = timingWords(rule)
  const muted = isMuted(rule.muted_until, now)

  const setEnabled = (enabled: boolean): void => {
    const { put } = stores.rules.getState()
    put({ ...rule, enabled })
    client.rules.update({ id: rule.id, enabled }).then(put, (cause: unknown) => {
      put(rule)
      fail(`${rule.name} was not changed`, cause)
    })
  }
  const test = (): void => {
    setResults([])
    client.rules.test({ id: rule.id }).then(
      (answer) => setResults(answer.results.map(({ channel_name: name, ok, message }) => ({ name, ok, message }))),
      (cause: unknown) => setResults([{ name: rule.name, ok: false, message: problemOf(cause).message }]),
    )
  }
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
      <Switch
        label={`Enable ${rule.name}`}
        checked={rule.enabled}
        disabled={!writable}
        onChange={(event) => setEnabled(event.target.checked)}
      />
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <Link
            to="/notifications/rules/$id"
            params={{ id: rule.id }}
            className="text-strong font-medium wrap-anywhere hover:underline"
          >
            {rule.name}
          </Link>
          {muted && rule.muted_until !== null && (
            <span className="text-meta text-warn">Muted until {untilWords(rule.muted_until, now)}</span>
          )}
        </p>
        <p className="text-muted wrap-anywhere">{conditionWords(rule)}</p>
        <p className="text-muted wrap-anywhere">
          {names.length > 0 ? `To ${names.join(', ')}` : 'To no channel'}
          {timing && ` · ${timing}`}
        </p>
        {rule.problem !== undefined && <p className="text-err wrap-anywhere">{rule.problem}</p>}
        <div aria-live="polite">
          {results?.map((result) => (
            <TestOutcome key={result.name} outcome={result} name={result.name} />
          ))}
        </div>
      </div>
      <OverflowMenu
        label={`Menu of ${rule.name}`}
        entries={[
          {
            label: 'Edit',
            icon: Pencil,
            onSelect: () => void navigate({ to: '/notifications/rules/$id', params: { id: rule.id } }),
          },
          {
            label: 'Duplicate',
            icon: Copy,
            onSelect: () =>
              void navigate({ to: '/notifications/rules/$id', params: { id: 'new' }, search: { copy: rule.id } }),
          },
          { label: 'Send test', icon: Send, disabled: !writable || names.length === 0, onSelect: test },
          'separator',
          { label: 'Delete…', icon: Trash2, danger: true, disabled: !writable, onSelect: onDelete },
        ]}
      />
    </li>
  )
}
