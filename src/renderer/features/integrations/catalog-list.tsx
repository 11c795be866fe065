import { useNavigate } from '@tanstack/react-router'
import { Copy, FolderOpen, Pencil, Plus, RotateCw, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useRowHeight, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { keySigns } from '../../ui/keys.ts'
import { AnchoredMenu, type MenuEntry } from '../../ui/menu.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { useCommand } from '../../use-command.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { useVaultPrompt } from '../vault/vault-prompt.tsx'
import { type Catalog, isSetUp, nameOf } from './catalog-filter.ts'
import { IntegrationRow } from './integration-row.tsx'
import { useDeletions } from './use-deletions.ts'
import { useIntegrationActions } from './use-integration-actions.ts'

type CatalogItem = GridItem &
  ({ heading: true; title: string; count: number } | { heading?: false; integration: Integration })

/** The rows of the catalog under their two headings, with everything that a row can do. */
export function CatalogList({
  catalog,
  narrowed,
  onClear,
  planLock,
}: {
  catalog: Catalog
  narrowed: boolean
  onClear: () => void
  planLock: string | undefined
}) {
  const navigate = useNavigate()
  const rowHeight = useRowHeight()
  const writable = useWritable()
  const actions = useIntegrationActions()
  const deletions = useDeletions()
  const signIn = useSignIn()
  const openVault = useVaultPrompt()
  const [menu, setMenu] = useState<{ integration: Integration; anchor: HTMLElement }>()
  const [focused, setFocused] = useState<Integration>()

  const items = useMemo(() => {
    const section = (title: string, integrations: readonly Integration[]): CatalogItem[] =>
      // Filters hide a section that they empty; an empty catalog still shows where its rows will be.
      integrations.length === 0 && narrowed
        ? []
        : [
            { key: `heading ${title}`, heading: true, title, count: integrations.length, height: 40 },
            ...integrations.map((integration) => ({ key: integration.name, integration, height: rowHeight })),
          ]
    return [...section('System', catalog.system), ...section('Custom', catalog.custom)]
  }, [catalog, narrowed, rowHeight])

  const offline = writable ? undefined : 'Reconnecting'
  const blockedFor = (integration: Integration): string | undefined =>
    offline ?? (integration.source === 'custom' ? planLock : undefined)

  const canDelete = (integration: Integration): boolean =>
    integration.source === 'custom' && blockedFor(integration) === undefined
  const canRestart = (integration: Integration): boolean =>
    isSetUp(integration) && integration.status === 'active' && blockedFor(integration) === undefined
  useCommand(
    'restart',
    () => {
      if (focused && canRestart(focused)) void actions.restart(focused.name)
    },
    focused !== undefined,
  )

  const open = (name: string): void => void navigate({ to: '/integrations/$slug/overview', params: { slug: name } })
  const edit = (name: string): void => void navigate({ to: '/integrations/$slug/connection', params: { slug: name } })

  const act = (item: CatalogItem, action: string, element: HTMLElement): void => {
    if (item.heading) return
    const { integration } = item
    const blocked = blockedFor(integration)
    switch (action) {
      case 'menu':
        setMenu({ integration, anchor: element })
        return
      case 'edit':
        edit(integration.name)
        return
      case 'review':
        void navigate({ to: '/integrations/$slug/tools', params: { slug: integration.name } })
        return
      case 'authorise':
        if (blocked) return
        // There one sees how it goes on.
        open(integration.name)
        void signIn.begin(integration.name)
        return
      case 'unlock':
        openVault()
        return
      case 'restart':
        if (!blocked) void actions.restart(integration.name)
        return
      case 'toggle':
        if (blocked || integration.connection.state === 'needs_setup') return
        void actions.setEnabled(integration.name, integration.status !== 'active')
        return
    }
  }

  const entriesFor = (integration: Integration): MenuEntry[] => {
    const blocked = blockedFor(integration) !== undefined
    const custom = integration.source === 'custom'
    return [
      { label: 'Open', icon: FolderOpen, onSelect: () => open(integration.name) },
      ...(custom
        ? [
            { label: 'Edit connection', icon: Pencil, onSelect: () => edit(integration.name) },
            {
              label: 'Restart',
              icon: RotateCw,
              keys: keySigns('$mod+r'),
              disabled: !canRestart(integration),
              onSelect: () => void actions.restart(integration.name),
            },
          ]
        : []),
      { label: 'Copy name', icon: Copy, onSelect: () => void navigator.clipboard.writeText(integration.name) },
      ...(custom
        ? [
            'separator' as const,
            {
              label: 'Delete',
              icon: Trash2,
              keys: keySigns('Backspace'),
              danger: true,
              disabled: blocked,
              onSelect: () => deletions.remove(integration),
            },
          ]
        : []),
    ]
  }

  if (items.length === 0 && narrowed) {
    return <EmptyState action={<Button onClick={onClear}>Clear filters</Button>}>Nothing matches.</EmptyState>
  }
  return (
    <>
      <VirtualGrid
        label="Integrations"
        items={items}
        onOpen={(item) => !item.heading && open(item.integration.name)}
        onAction={act}
        onDelete={(item) => {
          if (!item.heading && canDelete(item.integration)) deletions.remove(item.integration)
        }}
        onFocused={(item) => setFocused(item?.heading ? undefined : item?.integration)}
        rowClassName="hover:bg-bg"
        className={catalog.custom.length === 0 && !narrowed ? 'flex-none' : ''}
      >
        {(item, active) =>
          item.heading ? (
            <div role="rowheader" className="flex h-full items-end gap-2 border-b border-line px-6 pb-2">
              <span className="text-meta font-semibold">{item.title}</span>
              <span className="text-meta text-muted tabular-nums">{item.count.toLocaleString('en')}</span>
            </div>
          ) : (
            <IntegrationRow integration={item.integration} active={active} blocked={blockedFor(item.integration)} />
          )
        }
      </VirtualGrid>
      {catalog.custom.length === 0 && !narrowed && (
        <EmptyState
          action={
            <div className="flex flex-wrap justify-center gap-2">
              <Button
                look="primary"
                icon={Plus}
                keys={keySigns('$mod+n')}
                blocked={planLock}
                onClick={() => void navigate({ to: '/integrations/new' })}
              >
                Add MCP server
              </Button>
              <Button icon={Plus} blocked={planLock} onClick={() => void navigate({ to: '/integrations/new/rest' })}>
                Add REST API
              </Button>
            </div>
          }
        >
          No custom integrations yet. Add your first MCP server.
        </EmptyState>
      )}
      <AnchoredMenu
        anchor={menu?.anchor ?? null}
        label={menu ? `Menu of ${nameOf(menu.integration)}` : 'Menu'}
        entries={menu ? entriesFor(menu.integration) : []}
        onClose={() => setMenu(undefined)}
      />
    </>
  )
}
