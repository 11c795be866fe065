import { useSystem } from '../../stores/console.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { clientSnippets } from './client-snippets.ts'
import { Snippet } from './snippet.tsx'

const TOKEN_PLACEHOLDER = 'TOKEN'

/** What to put where in clients that Gatehouse does not write to. The token is only ever shown when it is made. */
export function OtherClients() {
  const mcpUrl = useSystem((state) => state.status?.mcp_url)
  if (mcpUrl === undefined) return null
  const panels = [...clientSnippets(mcpUrl, TOKEN_PLACEHOLDER), stdioSnippet].map(({ id, label, where, text }) => ({
    id,
    label,
    content: <Snippet label={label} where={where} text={text} />,
  }))
  return (
    <section className="mt-8 max-w-200 px-6" aria-label="Other clients">
      <h2 className="text-section font-semibold">Other clients</h2>
      <p className="mb-3 text-muted">
        Write these by hand, with the token of an agent in place of {TOKEN_PLACEHOLDER}. It is shown when the agent is
        added or gets a new token.
      </p>
      <Tabs label="Other clients" panels={panels} />
    </section>
  )
}

const stdioSnippet = {
  id: 'stdio',
  label: 'Commands only',
  where: 'For clients that only start commands. It needs no token: the bridge gets one for the agent that it names.',
  text: JSON.stringify(
    { mcpServers: { gatehouse: { command: 'gatehouse', args: ['stdio', '--agent', 'my-agent'] } } },
    null,
    2,
  ),
}
