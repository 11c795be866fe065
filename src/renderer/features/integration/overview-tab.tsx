import { Link, useParams } from '@tanstack/react-router'
import { CircleAlert, SquareTerminal, TriangleAlert } from 'lucide-react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useIntegrations, useSystem } from '../../stores/console.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, countWords, timeWords } from '../../ui/words.ts'
import { isSetUp } from '../integrations/catalog-filter.ts'
import { StatusBadge } from '../integrations/status-badge.tsx'
import { kindSentBy } from '../notifications/channel-words.ts'
import { ChannelsOf } from '../notifications/channels-of.tsx'
import { ProcessLine } from '../output/process-line.tsx'
import { CallFigures } from './call-figures.tsx'
import { authWords } from './auth-words.ts'
import { commandLine } from './command-line.ts'
import { Fact } from './fact.tsx'
import { SignInPanel } from '../oauth/sign-in-panel.tsx'
import { StatusAction } from './status-action.tsx'

/** How the connection is, in full: nothing is cut short here. */
export function OverviewTab() {
  const { slug } = useParams({ from: '/integrations/$slug/overview' })
  const integration = useIntegrations((state) => state.byName[slug])
  const mcpUrl = useSystem((state) => state.status?.mcp_url)
  if (!integration || !isSetUp(integration)) return null
  const { connection, mcp, rest, description } = integration
  const channelKind = integration.source === 'system' ? kindSentBy(integration.name) : undefined
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5" tabIndex={0} aria-label="Overview">
      <div className="flex max-w-200 flex-col gap-5">
        <SignInPanel integration={integration} />
        {/* That somebody has to sign in, the panel says. */}
        {connection.error && !(integration.oauth && connection.state === 'needs_auth') && (
          <Failure integration={integration} />
        )}
        {connection.warnings.length > 0 && <Warnings warnings={connection.warnings} />}
        {description && <p className="max-w-160 text-strong wrap-anywhere">{description}</p>}
        <dl className="grid grid-cols-[150px_minmax(0,1fr)] border-t border-line [&>*]:border-b [&>*]:border-line [&>*]:py-2.5">
          <Fact name="Status">
            <StatusBadge integration={integration} />
            <Since time={connection.since} />
          </Fact>
          {mcp?.transport === 'stdio' && (
            <Fact name="Process">
              <ProcessLine name={integration.name} />
            </Fact>
          )}
          {channelKind && (
            <Fact name="Channels">
              <ChannelsOf kind={channelKind} />
            </Fact>
          )}
          <CallFigures key={integration.name} slug={integration.name} />
          <Fact name="Tools">
            {!rest && connection.tool_count === 0 && connection.state !== 'connected'
              ? 'Not known yet'
              : countWords(connection.tool_count, 'tool')}
            {integration.enabled_tools.length + integration.disabled_tools.length > 0 && (
              <span className="text-muted"> before its filter</span>
            )}
          </Fact>
          {connection.server_info && (
            <Fact name="Server">
              <ForeignText>{`${connection.server_info.name} ${connection.server_info.version}`}</ForeignText>
            </Fact>
          )}
          {connection.protocol_version && <Fact name="Protocol">MCP {connection.protocol_version}</Fact>}
          {rest && (
            <>
              <Fact name="Base URL">
                <Code text={rest.base_url} />
              </Fact>
              <Fact name="Authentication">{authWords(integration)}</Fact>
            </>
          )}
          {mcp && mcp.transport !== 'stdio' && (
            <Fact name="Server URL">
              <Code text={mcp.server_url} />
            </Fact>
          )}
          {mcp?.transport === 'stdio' && (
            <>
              <Fact name="Command">
                <Code text={commandLine(mcp.command, mcp.args)} />
              </Fact>
              {mcp.cwd !== undefined && (
                <Fact name="Working directory">
                  <Code text={mcp.cwd} />
                </Fact>
              )}
            </>
          )}
          {mcpUrl !== undefined && (
            <Fact name="MCP endpoint">
              <Code text={`${mcpUrl}/${integration.name}`} />
            </Fact>
          )}
          <Fact name="Added">{timeWords(integration.created_at)}</Fact>
          <Fact name="Last changed">{timeWords(integration.updated_at)}</Fact>
        </dl>
      </div>
    </div>
  )
}

function Failure({ integration }: { integration: Integration }) {
  const { error } = integration.connection
  if (!error) return null
  return (
    <section aria-label="Last error" className="flex gap-3 rounded-panel bg-err-soft p-4">
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none text-err" />
      <div className="min-w-0 flex-1">
        <p>
          <ForeignText>{error.message}</ForeignText>
        </p>
        <div className="mt-3 flex flex-wrap gap-2">
          <StatusAction integration={integration} />
          <CopyButton size="small" text={`${integration.name}: ${error.code}\n${error.message}`}>
            Copy details
          </CopyButton>
          {integration.mcp?.transport === 'stdio' && (
            <Link
              to="/integrations/$slug/output"
              params={{ slug: integration.name }}
              className="inline-flex h-6 items-center gap-1.5 rounded-control border border-line bg-surface px-2 text-meta hover:bg-sunken"
            >
              <SquareTerminal size={14} strokeWidth={1.75} aria-hidden />
              Show output
            </Link>
          )}
        </div>
      </div>
    </section>
  )
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  return (
    <section aria-label="Warnings" className="flex gap-3 rounded-panel bg-warn-soft p-4">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none text-warn" />
      <ul className="flex min-w-0 flex-1 flex-col gap-1">
        {warnings.map((warning) => (
          <li key={warning}>
            <ForeignText>{warning}</ForeignText>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Code({ text }: { text: string }) {
  return (
    <span className="flex w-full items-start justify-between gap-3">
      <code className="min-w-0 font-mono text-code break-all whitespace-pre-wrap">{text}</code>
      <CopyButton size="small" look="quiet" text={text} className="-my-0.5" />
    </span>
  )
}

function Since({ time }: { time: string }) {
  const now = useNow(30_000)
  return (
    <span className="text-muted" title={timeWords(time)}>
      {agoWords(time, now)}
    </span>
  )
}
