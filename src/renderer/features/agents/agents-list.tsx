import { useSearch } from '@tanstack/react-router'
import { Pencil, Plus, RotateCw, Trash2 } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { Agent } from '../../../shared/contract/agents.ts'
import {
  useAgents,
  useConsole,
  useLinkProblem,
  useProfiles,
  useRowHeight,
  useSystem,
  useWritable,
} from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { HiddenCount } from '../../ui/hidden-count.tsx'
import { AnchoredMenu } from '../../ui/menu.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { nameOrder } from '../../ui/order.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { RowMenuButton } from '../../ui/row-menu-button.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { useNow } from '../../ui/use-now.ts'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { agoWords, countWords, timeWords } from '../../ui/words.ts'
import { AgentDialog } from './agent-dialog.tsx'
import { AgentTokenDialog, type ShownToken } from './agent-token-dialog.tsx'
import { discoveryWords } from './discovery-words.ts'
import { useToolsSeen } from './use-tools-seen.ts'

type Asking = { what: 'add' } | { what: 'edit' | 'rotate' | 'revoke'; agent: Agent }

interface AgentItem extends GridItem {
  agent: Agent
}

/** Narrow lists leave out when it was added and, before that, what it sees. */
const columns =
  'grid h-full items-center gap-3 border-b border-line px-6 grid-cols-[28px_minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,1fr)_28px] @min-[720px]:grid-cols-[28px_minmax(0,1.3fr)_minmax(0,1.1fr)_minmax(0,0.8fr)_minmax(0,1fr)_28px] @min-[900px]:grid-cols-[28px_minmax(0,1.3fr)_minmax(0,1.1fr)_minmax(0,0.8fr)_minmax(0,1fr)_minmax(0,0.9fr)_28px]'

/** Every agent, each with a token and a profile of its own. */
export function AgentsList({ nav }: { nav: ReactNode }) {
  const { client, stores } = useConsole()
  const byId = useAgents((state) => state.byId)
  const profiles = useProfiles((state) => state.byId)
  const seen = useToolsSeen()
  const loaded = useSystem((state) => state.status !== null)
  const problem = useLinkProblem()
  const retry = useSystem((state) => state.retry)
  const rowHeight = useRowHeight()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const fail = useFailureToast()
  const now = useNow(30_000)
  const search = useSearch({ from: '/agents' })
  const [q, setQ] = useState(search.q ?? '')
  const [asking, setAsking] = useState<Asking>()
  const [menu, setMenu] = useState<{ agent: Agent; anchor: HTMLElement }>()
  const [shown, setShown] = useState<ShownToken>()
  const [busy, setBusy] = useState(false)

  const agents = useMemo(() => Object.values(byId).sort(nameOrder), [byId])
  const profileName = (id: string | null): string => (id === null ? 'All tools' : (profiles[id]?.name ?? 'Unknown'))
  const needle = q.trim().toLowerCase()
  const items = agents
    .filter(({ name, profile_id: id }) => `${name}\n${profileName(id)}`.toLowerCase().includes(needle))
    .map((agent): AgentItem => ({ key: agent.id, agent, height: rowHeight }))
  const { put, remove } = stores.agents.getState()

  const confirm = async (work: () => Promise<void>, failed: string): Promise<void> => {
    setBusy(true)
    try {
      await work()
      setAsking(undefined)
    } catch (cause) {
      fail(failed, cause)
    } finally {
      setBusy(false)
    }
  }
  const addButton = (
    <Button look="primary" icon={Plus} blocked={blocked} onClick={() => setAsking({ what: 'add' })}>
      Add agent
    </Button>
  )

  return (
    <>
      <PageHeader
        title="Agents"
        meta={
          items.length < agents.length && (
            <span role="status">
              <HiddenCount count={agents.length - items.length} by="the search" onClear={() => setQ('')} />
            </span>
          )
        }
      >
        {agents.length > 0 && (
          <>
            <SearchField label="Search agents" value={q} onChange={setQ} className="w-60" />
            {addButton}
          </>
        )}
      </PageHeader>
      {nav}
      {!loaded ? (
        problem ? (
          <ErrorState title="The agents could not be loaded" problem={problem} onRetry={retry} />
        ) : (
          <SkeletonRows />
        )
      ) : agents.length === 0 ? (
        <EmptyState action={addButton}>
          No agents yet. Each client of the gateway gets a token of its own, so that one can be revoked without the
          others.
        </EmptyState>
      ) : items.length === 0 ? (
        <EmptyState action={<Button onClick={() => setQ('')}>Clear filters</Button>}>Nothing matches.</EmptyState>
      ) : (
        <VirtualGrid
          label="Agents"
          items={items}
          rowClassName="hover:bg-bg"
          onOpen={({ agent }) => setAsking({ what: 'edit', agent })}
          onDelete={({ agent }) => blocked === undefined && setAsking({ what: 'revoke', agent })}
          onAction={({ agent }, action, element) => {
            if (action === 'menu') setMenu({ agent, anchor: element })
          }}
        >
          {({ agent }, active) => (
            <div role="presentation" className={columns}>
              <Monogram name={agent.id} label={agent.name} />
              <span role="gridcell" className="truncate text-strong font-medium">
                {agent.name}
              </span>
              <span role="gridcell" className="truncate text-muted">
                {profileName(agent.profile_id)}
                {agent.discovery_mode !== null && ` · ${discoveryWords[agent.discovery_mode]}`}
              </span>
              <span role="gridcell" className="hidden truncate text-muted tabular-nums @min-[720px]:block">
                {seenWords(seen?.get(agent.profile_id)?.count)}
              </span>
              <span role="gridcell" className="truncate text-muted" title={timeOf(agent.last_seen_at)}>
                {agent.last_seen_at === null ? 'Never called' : `Called ${agoWords(agent.last_seen_at, now)}`}
              </span>
              <span
                role="gridcell"
                className="hidden truncate text-muted @min-[900px]:block"
                title={timeOf(agent.created_at)}
              >
                Added {agoWords(agent.created_at, now)}
              </span>
              <span role="gridcell">
                <RowMenuButton name={agent.name} active={active} />
              </span>
            </div>
          )}
        </VirtualGrid>
      )}
      <AnchoredMenu
        anchor={menu?.anchor ?? null}
        label={menu ? `Menu of ${menu.agent.name}` : 'Menu'}
        onClose={() => setMenu(undefined)}
        entries={
          menu
            ? [
                {
                  label: 'Edit…',
                  icon: Pencil,
                  disabled: blocked !== undefined,
                  onSelect: () => setAsking({ what: 'edit', agent: menu.agent }),
                },
                {
                  label: 'New token…',
                  icon: RotateCw,
                  disabled: blocked !== undefined,
                  onSelect: () => setAsking({ what: 'rotate', agent: menu.agent }),
                },
                'separator',
                {
                  label: 'Revoke…',
                  icon: Trash2,
                  danger: true,
                  disabled: blocked !== undefined,
                  onSelect: () => setAsking({ what: 'revoke', agent: menu.agent }),
                },
              ]
            : []
        }
      />
      {asking?.what === 'add' && (
        <AgentDialog
          title="Add agent"
          submit="Add agent"
          blocked={blocked}
          onClose={() => setAsking(undefined)}
          onSubmit={async (wanted) => {
            const { token, ...agent } = await client.agents.create(wanted)
            put(agent)
            setAsking(undefined)
            setShown({ agent: agent.name, token, rotated: false })
          }}
        />
      )}
      {asking?.what === 'edit' && (
        <AgentDialog
          title={`Edit ${asking.agent.name}`}
          submit="Save"
          initial={asking.agent}
          blocked={blocked}
          onClose={() => setAsking(undefined)}
          onSubmit={async (wanted) => {
            put(await client.agents.update({ id: asking.agent.id, ...wanted }))
            setAsking(undefined)
          }}
        />
      )}
      {asking?.what === 'rotate' && (
        <ConfirmDialog
          open
          busy={busy}
          onClose={() => setAsking(undefined)}
          title={`New token for ${asking.agent.name}?`}
          confirm="Make a new token"
          onConfirm={() =>
            void confirm(async () => {
              const { token, ...agent } = await client.agents.rotate({ id: asking.agent.id })
              put(agent)
              setShown({ agent: agent.name, token, rotated: true })
            }, `${asking.agent.name} keeps its token`)
          }
        >
          Its old token and its sessions end at once; the client needs the new one to connect again.
        </ConfirmDialog>
      )}
      {asking?.what === 'revoke' && (
        <ConfirmDialog
          open
          busy={busy}
          onClose={() => setAsking(undefined)}
          title={`Revoke ${asking.agent.name}?`}
          confirm="Revoke"
          onConfirm={() =>
            void confirm(async () => {
              await client.agents.remove({ id: asking.agent.id })
              remove(asking.agent.id)
            }, `${asking.agent.name} was not revoked`)
          }
        >
          Its token and its sessions end at once. This cannot be undone; a new agent gets a new token.
        </ConfirmDialog>
      )}
      {shown && <AgentTokenDialog shown={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}

function seenWords(count: number | undefined): string {
  return count === undefined ? '' : countWords(count, 'tool')
}

function timeOf(time: string | null): string | undefined {
  return time === null ? undefined : timeWords(time)
}
