import { useNavigate } from '@tanstack/react-router'
import { FolderOpen, ListChecks, Plus, RotateCw, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Channel } from '../../../shared/contract/channels.ts'
import { useConsole, useRowHeight, useWritable } from '../../stores/console.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { AnchoredMenu, MenuButton, type MenuEntry } from '../../ui/menu.tsx'
import { RowMenuButton } from '../../ui/row-menu-button.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { countWords } from '../../ui/words.ts'
import { atLeastWords } from '../incidents/severity-words.ts'
import { ChannelBadge } from './channel-badge.tsx'
import { channelKinds, kinds } from './channel-words.ts'
import { TestOutcome } from './test-outcome.tsx'
import { useChannelTests } from './use-channel-tests.ts'
import { useNotices } from './use-notices.ts'
import { useResume } from './use-resume.ts'

interface ChannelItem extends GridItem {
  channel: Channel
}

/** Narrow lists leave out the least severity, and then the rules. */
const columns =
  'grid h-full items-center gap-3 border-b border-line px-6 grid-cols-[16px_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_28px] @min-[680px]:grid-cols-[16px_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_88px_28px] @min-[860px]:grid-cols-[16px_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_136px_88px_28px]'

/** Where notices can go, and whether they get there. */
export function ChannelsTab() {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const { channels, problem, reload } = useNotices()
  const rowHeight = useRowHeight()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const now = useNow(30_000)
  const fail = useFailureToast()
  const tests = useChannelTests()
  const resume = useResume()
  const [menu, setMenu] = useState<{ channel: Channel; anchor: HTMLElement }>()
  const [deleting, setDeleting] = useState<Channel>()
  const [busy, setBusy] = useState(false)

  const addButton = (
    <MenuButton
      label="Add channel"
      icon={Plus}
      blocked={blocked}
      entries={kinds.map((kind) => ({
        label: channelKinds[kind].word,
        icon: channelKinds[kind].icon,
        onSelect: () => void navigate({ to: '/notifications/channels/$id', params: { id: 'new' }, search: { kind } }),
      }))}
    />
  )
  const open = ({ id }: Channel): void => void navigate({ to: '/notifications/channels/$id', params: { id } })
  const remove = async (channel: Channel): Promise<void> => {
    setBusy(true)
    try {
      await client.channels.remove({ id: channel.id, leave_rules: 'true' })
      stores.channels.getState().remove(channel.id)
    } catch (cause) {
      fail(`${channel.name} was not deleted`, cause)
    } finally {
      setBusy(false)
      setDeleting(undefined)
    }
  }
  const entriesFor = (channel: Channel): MenuEntry[] => [
    { label: 'Open', icon: FolderOpen, onSelect: () => open(channel) },
    { label: 'Send test', icon: Send, disabled: blocked !== undefined, onSelect: () => void tests.test(channel) },
    ...(channel.health.state === 'failing'
      ? [
          {
            label: 'Try again now',
            icon: RotateCw,
            disabled: blocked !== undefined,
            onSelect: () => void resume(channel),
          },
        ]
      : []),
    {
      label: 'Deliveries',
      icon: ListChecks,
      onSelect: () => void navigate({ to: '/notifications/deliveries', search: { channel: channel.id } }),
    },
    'separator',
    {
      label: 'Delete…',
      icon: Trash2,
      danger: true,
      disabled: blocked !== undefined,
      onSelect: () => setDeleting(channel),
    },
  ]

  if (!channels) {
    return problem ? (
      <ErrorState title="The channels could not be loaded" problem={problem} onRetry={reload} />
    ) : (
      <SkeletonRows />
    )
  }
  if (channels.length === 0) {
    return (
      <EmptyState action={addButton}>
        No channels yet. A notice can go to Slack, PagerDuty, a webhook or by email.
      </EmptyState>
    )
  }
  const tested = channels.filter(({ id }) => tests.outcomes[id] !== undefined || tests.running.has(id))
  return (
    <>
      <div className="flex flex-none items-center gap-3 border-b border-line px-6 py-2">
        <div aria-live="polite" className="flex min-w-0 flex-1 flex-col gap-1">
          {tested.map(({ id, name }) => {
            const outcome = tests.outcomes[id]
            if (tests.running.has(id))
              return (
                <p key={id} className="text-muted">
                  Sending a test to {name}…
                </p>
              )
            return outcome && <TestOutcome key={id} outcome={outcome} name={name} />
          })}
        </div>
        {addButton}
      </div>
      <VirtualGrid<ChannelItem>
        label="Channels"
        items={channels.map((channel) => ({ key: channel.id, channel, height: rowHeight }))}
        rowClassName="hover:bg-bg"
        onOpen={({ channel }) => open(channel)}
        onDelete={({ channel }) => blocked === undefined && setDeleting(channel)}
        onAction={({ channel }, action, element) => {
          if (action === 'menu') setMenu({ channel, anchor: element })
        }}
      >
        {({ channel }, active) => <ChannelRow channel={channel} active={active} now={now} />}
      </VirtualGrid>
      <AnchoredMenu
        anchor={menu?.anchor ?? null}
        label={menu ? `Menu of ${menu.channel.name}` : 'Menu'}
        entries={menu ? entriesFor(menu.channel) : []}
        onClose={() => setMenu(undefined)}
      />
      <ConfirmDialog
        open={deleting !== undefined}
        busy={busy}
        onClose={() => setDeleting(undefined)}
        onConfirm={() => deleting && void remove(deleting)}
        title={`Delete ${deleting?.name ?? ''}?`}
        confirm={deleting && deleting.used_by.length > 0 ? 'Take it out of them and delete' : 'Delete'}
      >
        {deleting && deleting.used_by.length > 0 && (
          <>These rules send to it: {deleting.used_by.map(({ name }) => name).join(', ')}. </>
        )}
        What waits for it is not sent, and its secrets are erased. This cannot be undone.
      </ConfirmDialog>
    </>
  )
}

function ChannelRow({ channel, active, now }: { channel: Channel; active: boolean; now: number }) {
  const { icon: Icon, word } = channelKinds[channel.kind]
  const { waiting } = channel.health
  return (
    <div role="presentation" className={columns}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className="text-muted" />
      <span role="gridcell" className="truncate text-strong font-medium">
        {channel.name}
      </span>
      <span role="gridcell" className="truncate text-muted" title={channel.destination}>
        {channel.destination === word ? word : `${word} · ${channel.destination}`}
      </span>
      <span role="gridcell" className="flex min-w-0 items-center gap-2">
        <ChannelBadge channel={channel} now={now} />
        {waiting > 0 && (
          <span className="hidden flex-none text-meta text-muted tabular-nums @min-[680px]:inline">
            {waiting} waiting
          </span>
        )}
      </span>
      <span role="gridcell" className="hidden truncate text-muted @min-[860px]:block">
        {atLeastWords(channel.min_severity)}
      </span>
      <span
        role="gridcell"
        className="hidden truncate text-muted @min-[680px]:block"
        title={channel.used_by.map(({ name }) => name).join(', ')}
      >
        {channel.used_by.length === 0 ? 'No rule' : countWords(channel.used_by.length, 'rule')}
      </span>
      <span role="gridcell">
        <RowMenuButton name={channel.name} active={active} />
      </span>
    </div>
  )
}
