import { Check, Plus, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Workspace } from '../../../shared/contract/workspaces.ts'
import {
  useConsole,
  useLinkProblem,
  useSystem,
  useWorkspace,
  useWorkspaces,
  useWritable,
} from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { DEFAULT_WORKSPACE } from '../../../shared/contract/words.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { nameOrder } from '../../ui/order.ts'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { NewWorkspaceDialog } from '../workspaces/new-workspace-dialog.tsx'
import { type PlanName, planWords } from '../workspaces/plan-words.ts'
import { useSwitchWorkspace } from '../workspaces/use-switch-workspace.ts'
import { SettingsBody } from './settings-rows.tsx'

/** What each plan unlocks (product.md, "Terms"). */
const unlocks: Record<PlanName, readonly string[]> = {
  free: [
    'System integrations',
    'Agents, profiles and tool filters',
    'Custom integrations that are already connected keep serving',
  ],
  pro: ['Everything in Free', 'Custom integrations stay readable, as they are'],
  enterprise: ['Everything in Pro', 'Add, change, enable and delete custom integrations'],
}

/** The plan of the workspace in front, and every workspace with its own. */
export function PlanTab() {
  const workspace = useWorkspace()
  const retry = useSystem((state) => state.retry)
  const problem = useLinkProblem()
  return (
    <SettingsBody label="Plan">
      {workspace ? (
        <>
          <Plans workspace={workspace} />
          <WorkspaceList />
        </>
      ) : problem ? (
        <ErrorState flush title="The plan could not be loaded" problem={problem} onRetry={retry} />
      ) : (
        <SkeletonRows rows={4} />
      )}
    </SettingsBody>
  )
}

function Plans({ workspace }: { workspace: Workspace }) {
  const { client, stores } = useConsole()
  const offline = useWritable() ? undefined : 'Reconnecting'
  const [busy, setBusy] = useState<PlanName>()
  const [error, setError] = useState<string>()
  const choose = async (plan: PlanName): Promise<void> => {
    setBusy(plan)
    setError(undefined)
    try {
      stores.workspaces.getState().put(await client.workspaces.update({ name: workspace.name, plan }))
    } catch (cause) {
      setError(problemOf(cause).message)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <section aria-label="Plan">
      <h2 className="mb-1 text-section font-semibold">
        Plan of <span className="font-mono">{workspace.name}</span>
      </h2>
      <ul className="border-t border-line">
        {(Object.keys(planWords) as PlanName[]).map((plan) => {
          const current = plan === workspace.plan
          return (
            <li key={plan} className="grid grid-cols-[110px_minmax(0,1fr)_120px] gap-4 border-b border-line py-3">
              <h3 className={classes('text-strong', current && 'font-semibold')}>{planWords[plan]}</h3>
              <ul className="flex flex-col gap-0.5 text-muted">
                {unlocks[plan].map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
              <div className="flex items-start justify-end">
                {current ? (
                  <span className="flex h-8 items-center gap-1.5 text-ok">
                    <Check size={16} strokeWidth={1.75} aria-hidden /> Current plan
                  </span>
                ) : (
                  <Button
                    busy={busy === plan}
                    blocked={offline}
                    aria-label={`Change to ${planWords[plan]}`}
                    onClick={() => void choose(plan)}
                  >
                    Change
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      <div aria-live="polite">{error !== undefined && <FieldError>{error}</FieldError>}</div>
    </section>
  )
}

function WorkspaceList() {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const switchTo = useSwitchWorkspace()
  const offline = useWritable() ? undefined : 'Reconnecting'
  const byName = useWorkspaces((state) => state.byName)
  const current = useWorkspaces((state) => state.current)
  const [creating, setCreating] = useState(false)
  const [deleting, setDeleting] = useState<string>()
  const [busy, setBusy] = useState(false)
  const workspaces = useMemo(() => Object.values(byName).sort(nameOrder), [byName])
  const remove = async (name: string): Promise<void> => {
    setBusy(true)
    try {
      await client.workspaces.remove({ name })
      stores.workspaces.getState().remove(name)
    } catch (cause) {
      fail(`${name} was not deleted`, cause)
    } finally {
      setBusy(false)
      setDeleting(undefined)
    }
  }
  return (
    <section aria-label="Workspaces">
      <h2 className="mb-1 text-section font-semibold">Workspaces</h2>
      <ul className="border-t border-line">
        {workspaces.map(({ name, plan }) => (
          <li
            key={name}
            className="grid min-h-11 grid-cols-[minmax(0,1fr)_110px_90px_32px] items-center gap-4 border-b border-line"
          >
            <span className="truncate font-mono text-code">{name}</span>
            <span className="text-muted">{planWords[plan]}</span>
            <span className="text-right">
              {name === current ? (
                <span className="text-muted">Open</span>
              ) : (
                <Button size="small" aria-label={`Switch to ${name}`} onClick={() => switchTo(name)}>
                  Switch
                </Button>
              )}
            </span>
            <span>
              {name !== DEFAULT_WORKSPACE && name !== current && (
                <IconButton
                  icon={Trash2}
                  label={`Delete ${name}`}
                  disabled={offline !== undefined}
                  onClick={() => setDeleting(name)}
                />
              )}
            </span>
          </li>
        ))}
      </ul>
      <div className="pt-3">
        <Button icon={Plus} blocked={offline} onClick={() => setCreating(true)}>
          New workspace…
        </Button>
      </div>
      {creating && (
        <NewWorkspaceDialog
          onClose={() => setCreating(false)}
          onCreated={(name) => {
            setCreating(false)
            switchTo(name)
          }}
        />
      )}
      <ConfirmDialog
        open={deleting !== undefined}
        busy={busy}
        onClose={() => setDeleting(undefined)}
        onConfirm={() => deleting !== undefined && void remove(deleting)}
        title={`Delete ${deleting ?? 'the workspace'}?`}
        confirm="Delete"
      >
        Only an empty workspace can be deleted: one that still holds integrations or agents stays. This cannot be
        undone.
      </ConfirmDialog>
    </section>
  )
}
