import type { Integration } from '../../../shared/contract/integrations.ts'
import type { RestSource } from '../../../shared/contract/rest.ts'
import type { CommandContext } from '../command-context.ts'
import { statusColour, statusWord, targetOf } from '../status-words.ts'
import { table } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { withClient, type Core } from '../with-client.ts'
import { counted } from '../words.ts'

export async function show(context: CommandContext, name: string): Promise<number> {
  await withClient(context, async (client, core) => {
    const integration = await client.integrations.get({ name })
    context.terminal.answer(integration, () => table(rows(integration, core, context.terminal)))
  })
  return 0
}

function rows(integration: Integration, core: Core, terminal: Terminal): string[][] {
  const { connection, mcp, rest } = integration
  const facts: [string, string | false | null | undefined][] = [
    ['Name', integration.name],
    ['Display name', integration.display_name],
    ['Description', integration.description],
    ['Status', terminal.styled(statusColour(integration, core), statusWord(integration, core))],
    ['Error', connection.error?.message],
    ['Next attempt', connection.next_retry_at],
    ['Source', integration.source],
    ['Kind', integration.source === 'custom' && KINDS[integration.protocol]],
    ['Transport', mcp?.transport],
    ['Connects to', targetOf(integration)],
    ['Folder', mcp?.transport === 'stdio' ? mcp.cwd : ''],
    ['Connections', mcp?.isolation === 'per_session' ? 'one per session' : ''],
    ['Imported from', rest?.source && sourceWords(rest.source)],
    ['Protocol', connection.protocol_version],
    ['Server', connection.server_info && `${connection.server_info.name} ${connection.server_info.version}`],
    ['Tools', String(connection.tool_count)],
    ['Not approved', unapproved(integration)],
    ['On change', mcp !== null && integration.on_definition_change],
    ['Only these', integration.enabled_tools.join(', ')],
    ['Blocked', integration.disabled_tools.join(', ')],
    ['Authentication', integration.auth_type],
    ['Signed in', signedIn(integration)],
    ['Scopes', integration.oauth?.scopes.join(' ')],
    ['Not granted', integration.oauth?.missing_scopes.join(' ')],
    ['Sign-in problem', integration.oauth?.problem?.message],
    ['Redirect URI', integration.oauth?.redirect_uri],
    ['Credentials', credentials(integration)],
    ...connection.warnings.map((warning): [string, string] => ['Warning', warning]),
    ['Created', integration.created_at],
    ['Changed', integration.updated_at],
  ]
  return facts.flatMap(([label, value]) => (value ? [[terminal.styled('bold', label), value]] : []))
}

const KINDS = { mcp: 'MCP server', rest: 'REST API' }

/** `OpenAPI 3.1.0, billing.json, 2026-11-28T10:00:00.000Z`. */
function sourceWords({ format, name, url, imported_at }: RestSource): string {
  return [format, url ?? name ?? 'pasted text', imported_at].join(', ')
}

/** `yes, at https://as.example.com; renews by itself`. */
function signedIn({ name, oauth }: Integration): string {
  if (oauth === null) return ''
  if (oauth.state !== 'signed_in') {
    const waits = oauth.waiting === null ? '' : '; a sign-in waits for the browser'
    return `no${waits}; see \`gatehouse authorize ${name}\``
  }
  const until = oauth.expires_at === null ? 'does not say when it ends' : `ends ${oauth.expires_at}`
  return `yes, at ${oauth.issuer ?? 'an unknown server'}; ${oauth.renews ? 'renews by itself' : until}`
}

function unapproved({ name, unapproved_tools: count, on_definition_change: setting }: Integration): string {
  if (count === 0) return ''
  const words = `${counted(count, 'tool')} changed or new since you approved them`
  return `${words}${setting === 'hold' ? '; agents do not get those that changed' : ''}; see \`gatehouse approve ${name} --diff\``
}

/** Masked as the API answers them: `api_token ••••cdef, env.KEY ••••`. */
function credentials({ credentials: masked }: Integration): string {
  const entries = Object.entries(masked).flatMap(([field, value]) =>
    typeof value === 'string'
      ? [`${field} ${value}`]
      : Object.entries(value).map(([name, dots]) => `${field}.${name} ${dots}`),
  )
  return entries.join(', ')
}
