import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Task } from './driver-door.ts'
import { GatewayUnderTest } from './gateway-under-test.ts'

/** Which protocol an agent speaks. */
export type AgentEra = 'modern' | 'legacy'

interface Context {
  toolCalls?: { name: string; arguments: Record<string, unknown> }[]
}

/**
 * The client in all other scenarios: a gateway with the suite's server behind it, and an agent that does through the gateway
 * what the scenario wants.
 */
export async function driveClient(era: AgentEra, { scenario, url, context }: Task): Promise<void> {
  const act = ACTIONS[scenario]
  if (act === undefined) throw new Error(`Nobody has told the driver what to do in ${scenario}`)
  const gateway = await GatewayUnderTest.start()
  try {
    const client = await connect(era, await gateway.add('mock', { transport: 'http', server_url: url }))
    await act(client, context)
    await client.close()
  } finally {
    await gateway.close()
  }
}

/** An agent that can be asked everything. */
async function connect(era: AgentEra, url: string): Promise<Client> {
  const client = new Client(
    { name: 'conformance-agent', version: '1' },
    {
      capabilities: { roots: {}, sampling: {}, elicitation: { form: { applyDefaults: true } } },
      versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
    },
  )
  // Fields that have a default are filled by the SDK; the other one that is ever asked for is a confirmation.
  client.setRequestHandler('elicitation/create', ({ params }) => {
    const isConfirmation = JSON.stringify(params).includes('"confirmed"')
    return { action: 'accept', content: isConfirmation ? { confirmed: true } : {} }
  })
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  return client
}

async function callEach(client: Client): Promise<void> {
  const { tools } = await client.listTools()
  for (const { name } of tools) await client.callTool({ name, arguments: {} })
}

const ACTIONS: Record<string, (client: Client, context: Context) => Promise<unknown>> = {
  initialize: (client) => client.listTools(),
  tools_call: (client) => client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } }),
  'elicitation-sep1034-client-defaults': (client) => client.callTool({ name: 'test_client_elicitation_defaults' }),
  'sse-retry': (client) => client.callTool({ name: 'test_reconnection', arguments: {} }),
  'request-metadata': (client) => client.listTools(),
  'sep-2322-client-request-state': async (client) => {
    // One call goes its own way while another one waits for its answer.
    await Promise.all([
      client.callTool({ name: 'test_mrtr_echo_state', arguments: {} }),
      client.callTool({ name: 'test_mrtr_unrelated', arguments: {} }),
    ])
    await client.callTool({ name: 'test_mrtr_no_state', arguments: {} })
    await client.callTool({ name: 'test_mrtr_no_result_type', arguments: {} })
  },
  'http-standard-headers': async (client) => {
    await callEach(client)
    for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri })
    for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name })
  },
  'http-custom-headers': async (client, { toolCalls = [] }) => {
    await client.listTools()
    for (const call of toolCalls) await client.callTool(call)
  },
  'http-invalid-tool-headers': async (client) => {
    const { tools } = await client.listTools()
    for (const { name } of tools) await client.callTool({ name, arguments: { region: 'eu' } })
  },
  'json-schema-ref-no-deref': (client) => client.listTools(),
  'json-schema-2020-12-preservation': async (client) => {
    const { tools } = await client.listTools()
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema
    await client.callTool({ name: 'json_schema_echo', arguments: { schema } })
  },
}
