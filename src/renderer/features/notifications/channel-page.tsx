import '../../zod-jitless.ts'
import { useBlocker, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { type Channel, ChannelKind } from '../../../shared/contract/channels.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { keySigns } from '../../ui/keys.ts'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useFaultFocus } from '../../ui/use-fault-focus.ts'
import { useCommand } from '../../use-command.ts'
import { ChannelBadge } from './channel-badge.tsx'
import {
  changesOf,
  type ChannelDraft,
  draftOfChannel,
  emptyChannel,
  errorsOfChannel,
  newChannelOf,
} from './channel-draft.ts'
import { ChannelFields } from './channel-fields.tsx'
import { ChannelAside } from './channel-aside.tsx'
import { ChannelTrouble } from './channel-trouble.tsx'
import { makeSigningSecret } from './channel-secrets.ts'
import { channelKinds } from './channel-words.ts'
import { EditorBody, EditorFooter } from './editor-frame.tsx'
import { type FieldErrors, firstByPath } from './rule-draft.ts'
import { SecretDialog } from './secret-dialog.tsx'
import { useNotices } from './use-notices.ts'

/** From where a channel is added, and where one is again when that is done. */
const origins = {
  channels: { to: '/notifications/channels', label: 'Channels' },
  rules: { to: '/notifications/rules', label: 'Rules' },
} as const

/** A channel at the left, and at the right what a notice would look like there. */
export function ChannelPage() {
  const { id } = useParams({ from: '/notifications/channels/$id' })
  const search = useSearch({ from: '/notifications/channels/$id' })
  const { channels, problem, reload } = useNotices()
  if (!channels) {
    return problem ? (
      <ErrorState title="The channels could not be loaded" problem={problem} onRetry={reload} />
    ) : (
      <SkeletonRows />
    )
  }
  const kind = ChannelKind.catch('webhook').parse(search.kind)
  const stored = channels.find((channel) => channel.id === id)
  if (id !== 'new' && !stored) {
    return (
      <>
        <PageHeader title="Channel" back={<BackLink to="/notifications/channels" label="Channels" />} />
        <EmptyState>This channel is not there any more.</EmptyState>
      </>
    )
  }
  return <ChannelEditor key={`${id} ${kind}`} stored={stored} kind={kind} cameFrom={search.from} />
}

function ChannelEditor({
  stored,
  kind,
  cameFrom,
}: {
  stored: Channel | undefined
  kind: ChannelKind
  cameFrom: string | undefined
}) {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const now = useNow(30_000)
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const [initial, setInitial] = useState(() => (stored ? draftOfChannel(stored) : emptyChannel(kind)))
  const [draft, setDraft] = useState<ChannelDraft>(initial)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [shownSecret, setShownSecret] = useState<{ name: string; secret: string; rotated: boolean }>()
  const done = useRef(false)
  const { place, showFault } = useFaultFocus<HTMLDivElement>()
  const faults = errorsOfChannel(draft)
  const isSound = Object.keys(faults).length === 0
  const isDirty = JSON.stringify(draft) !== JSON.stringify(initial)
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty && !done.current,
    enableBeforeUnload: false,
    withResolver: true,
  })
  const before = origins[cameFrom === 'rules' ? 'rules' : 'channels']
  const back = (): void => void navigate({ to: before.to })
  const change = (changes: Partial<ChannelDraft>): void => {
    setDraft((before) => ({ ...before, ...changes }))
    setErrors({})
  }
  const fail = (cause: unknown): void => {
    const { message, details } = problemOf(cause)
    setErrors({ form: message, ...firstByPath(details.map(unwrapped)) })
    showFault()
  }

  const save = async (): Promise<void> => {
    if (busy || blocked !== undefined) return
    setTried(true)
    if (!isSound) {
      showFault()
      return
    }
    setBusy(true)
    try {
      const secret = draft.kind === 'webhook' && draft.signing === 'made' ? makeSigningSecret() : undefined
      const whole = secret === undefined ? draft : { ...draft, signing_secret: secret }
      const channel = stored
        ? await client.channels.update({ id: stored.id, ...changesOf(whole, stored) })
        : await client.channels.create(newChannelOf(whole))
      stores.channels.getState().put(channel)
      done.current = true
      if (secret === undefined) back()
      else setShownSecret({ name: channel.name, secret, rotated: false })
    } catch (cause) {
      fail(cause)
    } finally {
      setBusy(false)
    }
  }
  const rotate = async (): Promise<void> => {
    if (!stored || blocked !== undefined) return
    try {
      const { channel, secret } = await client.channels.rotate_secret({ id: stored.id })
      stores.channels.getState().put(channel)
      setInitial((before) => ({ ...before, signing: 'stored' }))
      change({ signing: 'stored' })
      setShownSecret({ name: channel.name, secret, rotated: true })
    } catch (cause) {
      fail(cause)
    }
  }
  useCommand('submit', () => void save())
  useCommand('save', () => void save())
  const shown: FieldErrors = tried ? { ...faults, ...errors } : errors
  const { word } = channelKinds[draft.kind]
  return (
    <>
      <PageHeader
        title={stored ? initial.name : `Add channel: ${word}`}
        meta={stored && <ChannelBadge channel={stored} now={now} />}
        back={<BackLink {...before} />}
      >
        <label className="flex items-center gap-2">
          <span aria-hidden>On</span>
          <Switch
            label="The channel is on"
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.target.checked })}
          />
        </label>
      </PageHeader>
      {stored && <ChannelTrouble channel={stored} now={now} />}
      <EditorBody
        label="Channel"
        place={place}
        isNew={!stored}
        form={
          <ChannelFields
            draft={draft}
            errors={shown}
            onChange={change}
            onRotate={stored && (() => void rotate())}
            rotateBlocked={blocked ?? (isDirty ? 'Save the changes first' : undefined)}
          />
        }
        aside={
          <ChannelAside
            id={stored?.id}
            channel={isSound ? newChannelOf(draft) : undefined}
            blocked={blocked}
            onFaults={() => {
              setTried(true)
              showFault()
            }}
          />
        }
      />
      <EditorFooter>
        <div aria-live="polite" className="min-w-0 flex-1">
          {errors.form !== undefined && <FieldError>{errors.form}</FieldError>}
        </div>
        <Button onClick={back}>Cancel</Button>
        <Button look="primary" busy={busy} blocked={blocked} keys={keySigns('$mod+Enter')} onClick={() => void save()}>
          {stored ? 'Save channel' : 'Add channel'}
        </Button>
      </EditorFooter>
      {shownSecret && (
        <SecretDialog
          {...shownSecret}
          onClose={() => {
            setShownSecret(undefined)
            if (!shownSecret.rotated) back()
          }}
        />
      )}
      <LeaveDialog blocker={blocker} title="Leave without saving?">
        The changes to this channel are not saved.
      </LeaveDialog>
    </>
  )
}

/** A test and a preview tell of the channel that they were given. */
function unwrapped({ path, message }: { path: string; message: string }) {
  return { path: path.replace(/^channel\./, ''), message }
}
