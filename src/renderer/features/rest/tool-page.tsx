import '../../zod-jitless.ts'
import { Link, useBlocker, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { useConsole, useIntegrations, usePlanLock, useSystem, useWritable } from '../../stores/console.tsx'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { nameOf } from '../integrations/catalog-filter.ts'
import { PlanNotice } from '../workspaces/plan-notice.tsx'
import { storedConnection } from './stored-connection.ts'
import { draftOfTool, emptyTool, type ToolDraft } from './tool-draft.ts'
import { ToolEditor } from './tool-editor.tsx'
import { copyName, withTool } from './tool-list.ts'
import { changeTools, useRestTools } from './use-rest-tools.ts'

/** One tool of a stored REST API: an old one, a copy of one, or a new one. */
export function ToolPage() {
  const { slug } = useParams({ from: '/integrations/$slug/tool' })
  const { tool, copy } = useSearch({ from: '/integrations/$slug/tool' })
  const known = useIntegrations((state) => state.byName[slug])
  const loaded = useSystem((state) => state.status !== null)
  const { integration, problem, retry } = useRestTools(slug)
  const head = (
    <PageHeader
      title={tool ?? 'Add tool'}
      back={
        <Link
          to="/integrations/$slug/tools"
          params={{ slug }}
          className="inline-flex h-6 items-center gap-1 rounded-control text-muted hover:text-ink"
        >
          <ArrowLeft size={14} strokeWidth={1.75} aria-hidden />
          Tools of {known ? nameOf(known) : slug}
        </Link>
      }
    />
  )
  if (!integration) {
    return (
      <>
        {head}
        {loaded && known?.protocol !== 'rest' ? (
          <EmptyState>There is no REST API named {slug} in this workspace.</EmptyState>
        ) : problem ? (
          <ErrorState title="The tools could not be loaded" problem={problem} onRetry={retry} />
        ) : (
          <SkeletonRows />
        )}
      </>
    )
  }
  const wanted = tool ?? copy
  const found = integration.rest?.tools?.find(({ name }) => name === wanted)
  return (
    <>
      {head}
      <PlanNotice />
      {wanted !== undefined && !found ? (
        <EmptyState>There is no tool {wanted}. It may have been renamed or removed.</EmptyState>
      ) : (
        <StoredTool key={`${tool} ${copy}`} integration={integration} opened={found} isCopy={copy !== undefined} />
      )}
    </>
  )
}

function StoredTool({
  integration,
  opened,
  isCopy,
}: {
  integration: Integration
  opened: RestTool | undefined
  isCopy: boolean
}) {
  const { client, stores } = useConsole()
  const navigate = useNavigate()
  const planLock = usePlanLock()
  const writable = useWritable()
  const [isDirty, setDirty] = useState(false)
  const done = useRef(false)
  // What the editor began with: a change from elsewhere must not take away what is being typed.
  const [former] = useState(isCopy ? undefined : opened)
  const [initial] = useState((): ToolDraft => {
    if (!opened) return emptyTool()
    const taken = new Set(integration.rest?.tools?.map(({ name }) => name))
    return draftOfTool(isCopy ? { ...withoutOperation(opened), name: copyName(opened.name, taken) } : opened)
  })
  const tools = integration.rest?.tools
  const taken = useMemo(
    () => new Set((tools ?? []).map(({ name }) => name).filter((name) => name !== former?.name)),
    [tools, former],
  )
  const connection = useMemo(() => storedConnection(integration), [integration])
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty && !done.current,
    enableBeforeUnload: false,
    withResolver: true,
  })
  if (!connection) return null
  const back = (): void => void navigate({ to: '/integrations/$slug/tools', params: { slug: integration.name } })
  return (
    <>
      <ToolEditor
        initial={initial}
        isNew={former === undefined}
        taken={taken}
        connection={connection}
        saveLabel={former ? 'Save tool' : 'Add tool'}
        blocked={writable ? planLock : 'Reconnecting'}
        renameHint={former && `Filters and profiles that name ${former.name} no longer match.`}
        onDirty={setDirty}
        onSave={async (tool) => {
          const { name: slug } = integration
          const failure = await changeTools({ client, stores, slug, change: (now) => withTool(now, tool, former) })
          if (failure) return failure
          done.current = true
          back()
          return undefined
        }}
        onCancel={back}
      />
      <LeaveDialog blocker={blocker} title="Leave without saving?">
        The changes to this tool are not saved.
      </LeaveDialog>
    </>
  )
}

/** Of two tools for one operation an import would find only the first. */
function withoutOperation({ operation: _operation, ...tool }: RestTool): RestTool {
  return tool
}
