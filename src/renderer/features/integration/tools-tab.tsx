import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useIntegrations, usePlanLock } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { SignInPanel } from '../oauth/sign-in-panel.tsx'
import { wantsSignIn } from '../oauth/sign-in-words.ts'
import { SourceLine } from '../openapi-import/source-facts.tsx'
import { FilterEditor } from '../tools/filter-editor.tsx'
import { readShown } from '../tools/shown-options.ts'
import { StaleList } from '../tools/stale-list.tsx'
import { useToolActions } from '../rest/use-tool-actions.ts'
import { StatusAction } from './status-action.tsx'
import { useToolsOf } from './use-tools.ts'

/** Which tools agents see of one integration, as soon as its tools are known. */
export function ToolsTab() {
  const { slug } = useParams({ from: '/integrations/$slug/tools' })
  const { q, shown } = useSearch({ from: '/integrations/$slug/tools' })
  const integration = useIntegrations((state) => state.byName[slug])
  const { tools, problem, reload } = useToolsOf(slug)
  const actions = useToolActions(slug)
  if (!integration) return null
  const isOwn = hasOwnTools(integration)
  if (!tools) {
    return problem ? (
      <ErrorState title="The tools could not be loaded" problem={problem} onRetry={reload} />
    ) : (
      <SkeletonRows />
    )
  }
  if (tools.length === 0) {
    return (
      <>
        <SignInStrip integration={integration} />
        <NoTools integration={integration} />
      </>
    )
  }
  return (
    // In a window with no room for the list below all that stands above it, the tab scrolls as a whole.
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto [&_[role=grid]]:min-h-40">
      <SignInStrip integration={integration} />
      {isOwn && <SourceLine integration={integration} />}
      {problem && <StaleList problem={problem} onRetry={reload} />}
      <FilterEditor
        key={slug}
        integration={integration}
        tools={tools}
        {...(isOwn ? { own: actions } : {})}
        initialSearch={q ?? ''}
        initiallyShown={readShown(shown)}
      />
    </div>
  )
}

/** Those of a system integration come with Gatehouse: nobody adds to them, or takes them out. */
function hasOwnTools({ rest, source }: Integration): boolean {
  return rest !== null && source === 'custom'
}

/** The way to sign in, where that is what its tools wait for. */
function SignInStrip({ integration }: { integration: Integration }) {
  if (!wantsSignIn(integration)) return null
  return (
    <div className="flex-none px-6 pt-4 pb-3">
      <SignInPanel integration={integration} />
    </div>
  )
}

function NoTools({ integration }: { integration: Integration }) {
  const { state, error } = integration.connection
  const own = useToolActions(integration.name)
  const planLock = usePlanLock()
  const navigate = useNavigate()
  if (hasOwnTools(integration) && integration.connection.tool_count === 0) {
    return (
      <EmptyState
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button look="primary" blocked={planLock} onClick={own.add}>
              Add tool
            </Button>
            <Button
              blocked={planLock}
              onClick={() => void navigate({ to: '/integrations/new/openapi', search: { into: integration.name } })}
            >
              Import OpenAPI
            </Button>
          </div>
        }
      >
        No tools yet. Each tool is one request that agents can make.
      </EmptyState>
    )
  }
  if (state === 'connecting') return <EmptyState>Connecting. Its tools appear here once it has listed them.</EmptyState>
  if (state === 'connected') return <EmptyState>The server is connected and has no tools.</EmptyState>
  if (integration.status === 'disabled') return <EmptyState>It is disabled. Enable it to list its tools.</EmptyState>
  if (wantsSignIn(integration)) return <EmptyState>Its tools appear here once you are signed in.</EmptyState>
  return (
    <EmptyState action={<StatusAction integration={integration} />}>
      Its tools are not known yet, because it never connected.{error ? ` ${error.message}` : ''}
    </EmptyState>
  )
}
