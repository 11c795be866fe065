import { Menu as Base } from '@base-ui/react/menu'
import { useNavigate } from '@tanstack/react-router'
import { Check, ChevronsUpDown, CreditCard, Plus } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useWorkspace, useWorkspaces } from '../../stores/console.tsx'
import { classes } from '../../ui/classes.ts'
import { GateMark } from '../../ui/gate-mark.tsx'
import { useLayers } from '../../ui/layers.tsx'
import { menuItem, menuPopup } from '../../ui/menu.tsx'
import { nameOrder } from '../../ui/order.ts'
import { planWords } from './plan-words.ts'
import { useSwitchWorkspace } from './use-switch-workspace.ts'

const NewWorkspaceDialog = lazy(() =>
  import('./new-workspace-dialog.tsx').then((module) => ({ default: module.NewWorkspaceDialog })),
)

/** Which workspace is in front, with its plan, and the way to the others. */
export function WorkspaceSwitcher({ collapsed }: { collapsed: boolean }) {
  const container = useLayers()
  const navigate = useNavigate()
  const switchTo = useSwitchWorkspace()
  const byName = useWorkspaces((state) => state.byName)
  const current = useWorkspaces((state) => state.current)
  const workspace = useWorkspace()
  const [creating, setCreating] = useState(false)
  const workspaces = useMemo(() => Object.values(byName).sort(nameOrder), [byName])
  const plan = workspace && planWords[workspace.plan]
  return (
    <>
      <Base.Root>
        <Base.Trigger
          aria-label={collapsed ? `Workspace ${current}${plan ? ` · ${plan}` : ''}` : undefined}
          title={collapsed ? `${current}${plan ? ` · ${plan}` : ''}` : undefined}
          className={classes(
            'flex h-11 items-center gap-2.5 rounded-control text-left hover:bg-sunken data-popup-open:bg-sunken',
            collapsed ? 'w-10 justify-center' : 'w-full px-2',
          )}
        >
          <GateMark />
          {!collapsed && (
            <>
              <span className="min-w-0 flex-1 leading-tight">
                {/* The sidebar is named by it already. */}
                <span aria-hidden className="block text-strong font-semibold tracking-tight">
                  Gatehouse
                </span>
                <span className="block truncate text-meta text-muted">
                  <span className="sr-only">Workspace</span> {current}
                  {plan && ` · ${plan}`}
                </span>
              </span>
              <ChevronsUpDown size={14} strokeWidth={1.75} aria-hidden className="flex-none text-muted" />
            </>
          )}
        </Base.Trigger>
        <Base.Portal container={container}>
          <Base.Positioner align="start" sideOffset={4} className="z-10">
            <Base.Popup
              className={classes(menuPopup, 'max-h-[70vh] w-55 overflow-y-auto')}
              finalFocus={() => document.querySelector('[data-modal]') === null}
            >
              <Base.RadioGroup value={current} onValueChange={(name: string) => switchTo(name)} aria-label="Workspaces">
                {workspaces.map(({ name, plan: its }) => (
                  <Base.RadioItem key={name} value={name} closeOnClick className={menuItem}>
                    <span className="flex w-4 flex-none">
                      <Base.RadioItemIndicator>
                        <Check size={16} strokeWidth={1.75} aria-hidden />
                      </Base.RadioItemIndicator>
                    </span>
                    <span className="min-w-0 flex-1 truncate">{name}</span>
                    <span className="flex-none text-meta text-muted">{planWords[its]}</span>
                  </Base.RadioItem>
                ))}
              </Base.RadioGroup>
              <Base.Separator className="mx-2 my-1 h-px bg-line" />
              <Base.Item className={menuItem} onClick={() => setCreating(true)}>
                <Plus size={16} strokeWidth={1.75} aria-hidden />
                New workspace…
              </Base.Item>
              <Base.Item className={menuItem} onClick={() => void navigate({ to: '/settings/plan' })}>
                <CreditCard size={16} strokeWidth={1.75} aria-hidden />
                See plan
              </Base.Item>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
      {creating && (
        <Suspense>
          <NewWorkspaceDialog
            onClose={() => setCreating(false)}
            onCreated={(name) => {
              setCreating(false)
              switchTo(name)
            }}
          />
        </Suspense>
      )}
    </>
  )
}
