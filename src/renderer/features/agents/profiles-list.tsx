import { Copy, Pencil, Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { NewProfile, Profile } from '../../../shared/contract/profiles.ts'
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
import { ConfirmDialog, Dialog, DialogActions } from '../../ui/dialog.tsx'
import { AnchoredMenu } from '../../ui/menu.tsx'
import { nameOrder } from '../../ui/order.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { RowMenuButton } from '../../ui/row-menu-button.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { countWords } from '../../ui/words.ts'
import { ProfileDialog } from './profile-dialog.tsx'
import { useToolsSeen } from './use-tools-seen.ts'

type Asking = { what: 'add'; from?: Profile } | { what: 'edit' | 'delete'; profile: Profile }

interface ProfileItem extends GridItem {
  profile: Profile
}

/** What agents see: each profile shows some of the tools that the gateway serves. */
export function ProfilesList({ nav }: { nav: ReactNode }) {
  const { client, stores } = useConsole()
  const byId = useProfiles((state) => state.byId)
  const agents = useAgents((state) => state.byId)
  const seen = useToolsSeen()
  const loaded = useSystem((state) => state.status !== null)
  const problem = useLinkProblem()
  const retry = useSystem((state) => state.retry)
  const rowHeight = useRowHeight()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const fail = useFailureToast()
  const [asking, setAsking] = useState<Asking>()
  const [menu, setMenu] = useState<{ profile: Profile; anchor: HTMLElement }>()
  const [busy, setBusy] = useState(false)

  const profiles = useMemo(() => Object.values(byId).sort(nameOrder), [byId])
  const items = profiles.map((profile): ProfileItem => ({ key: profile.id, profile, height: rowHeight }))
  const usersOf = ({ id }: Profile): string[] =>
    Object.values(agents).flatMap(({ name, profile_id: used }) => (used === id ? [name] : []))
  const total = seen?.get(null)?.count
  const { put, remove } = stores.profiles.getState()

  const deleteProfile = async ({ id, name }: Profile): Promise<void> => {
    setBusy(true)
    try {
      await client.profiles.remove({ id })
      remove(id)
    } catch (cause) {
      fail(`${name} was not deleted`, cause)
    } finally {
      setBusy(false)
      setAsking(undefined)
    }
  }
  const addButton = (
    <Button look="primary" icon={Plus} blocked={blocked} onClick={() => setAsking({ what: 'add' })}>
      Add profile
    </Button>
  )
  return (
    <>
      <PageHeader title="Agents">{profiles.length > 0 && addButton}</PageHeader>
      {nav}
      {!loaded ? (
        problem ? (
          <ErrorState title="The profiles could not be loaded" problem={problem} onRetry={retry} />
        ) : (
          <SkeletonRows />
        )
      ) : profiles.length === 0 ? (
        <EmptyState action={addButton}>
          No profiles yet. An agent without a profile sees every tool; a profile shows it fewer.
        </EmptyState>
      ) : (
        <VirtualGrid
          label="Profiles"
          items={items}
          rowClassName="hover:bg-bg"
          onOpen={({ profile }) => setAsking({ what: 'edit', profile })}
          onDelete={({ profile }) => blocked === undefined && setAsking({ what: 'delete', profile })}
          onAction={({ profile }, action, element) => {
            if (action === 'menu') setMenu({ profile, anchor: element })
          }}
        >
          {({ profile }, active) => {
            const count = seen?.get(profile.id)?.count
            return (
              <div
                role="presentation"
                className="grid h-full grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_28px] items-center gap-3 border-b border-line px-6"
              >
                <span role="gridcell" className="truncate text-strong font-medium">
                  {profile.name}
                </span>
                <span role="gridcell" className="truncate text-muted">
                  {profile.integrations === null
                    ? 'All integrations'
                    : countWords(profile.integrations.length, 'integration')}
                </span>
                <span role="gridcell" className="truncate text-muted tabular-nums">
                  {count !== undefined &&
                    total !== undefined &&
                    `${count.toLocaleString('en')} of ${countWords(total, 'tool')}`}
                </span>
                <span role="gridcell" className="truncate text-muted">
                  {usersWords(usersOf(profile))}
                </span>
                <span role="gridcell">
                  <RowMenuButton name={profile.name} active={active} />
                </span>
              </div>
            )
          }}
        </VirtualGrid>
      )}
      <AnchoredMenu
        anchor={menu?.anchor ?? null}
        label={menu ? `Menu of ${menu.profile.name}` : 'Menu'}
        onClose={() => setMenu(undefined)}
        entries={
          menu
            ? [
                {
                  label: 'Edit…',
                  icon: Pencil,
                  disabled: blocked !== undefined,
                  onSelect: () => setAsking({ what: 'edit', profile: menu.profile }),
                },
                {
                  label: 'Duplicate…',
                  icon: Copy,
                  disabled: blocked !== undefined,
                  onSelect: () => setAsking({ what: 'add', from: menu.profile }),
                },
                'separator',
                {
                  label: 'Delete…',
                  icon: Trash2,
                  danger: true,
                  disabled: blocked !== undefined,
                  onSelect: () => setAsking({ what: 'delete', profile: menu.profile }),
                },
              ]
            : []
        }
      />
      {asking?.what === 'add' && (
        <ProfileDialog
          title="Add profile"
          submit="Add profile"
          blocked={blocked}
          {...(asking.from ? { initial: { ...asking.from, name: `${asking.from.name} copy` } } : {})}
          onClose={() => setAsking(undefined)}
          onSubmit={async (wanted: NewProfile) => {
            put(await client.profiles.create(wanted))
            setAsking(undefined)
          }}
        />
      )}
      {asking?.what === 'edit' && (
        <ProfileDialog
          title={`Edit ${asking.profile.name}`}
          submit="Save"
          initial={asking.profile}
          blocked={blocked}
          onClose={() => setAsking(undefined)}
          onSubmit={async (wanted: NewProfile) => {
            put(await client.profiles.update({ id: asking.profile.id, ...wanted }))
            setAsking(undefined)
          }}
        />
      )}
      {asking?.what === 'delete' &&
        (usersOf(asking.profile).length > 0 ? (
          <Dialog
            open
            onClose={() => setAsking(undefined)}
            title={`${asking.profile.name} is in use`}
            description={`Give ${usersOf(asking.profile).join(', ')} another profile first: without one an agent sees every tool.`}
          >
            <DialogActions>
              <Button onClick={() => setAsking(undefined)}>Close</Button>
            </DialogActions>
          </Dialog>
        ) : (
          <ConfirmDialog
            open
            busy={busy}
            onClose={() => setAsking(undefined)}
            title={`Delete ${asking.profile.name}?`}
            confirm="Delete"
            onConfirm={() => void deleteProfile(asking.profile)}
          >
            No agent uses it. This cannot be undone.
          </ConfirmDialog>
        ))}
    </>
  )
}

function usersWords(users: readonly string[]): string {
  const [first] = users
  if (first === undefined) return 'Not used'
  return users.length === 1 ? first : countWords(users.length, 'agent')
}
