import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Task } from './driver-door.ts'
import { GatewayUnderTest, type SignIn } from './gateway-under-test.ts'

/** After so many sign-ins a person gives up. */
const PATIENCE = 3
const NAME = 'mock'
/** The only Client ID Metadata Document that the suite knows. It is not fetched. */
const METADATA_DOCUMENT = 'https://conformance-test.local/client-metadata.json'

interface Context {
  client_id?: string
  client_secret?: string
  private_key_pem?: string
  issuer?: string
}

/**
 * The client in scenarios of authorization: a gateway with the suite's protected server behind it, a person who signs in when
 * the gateway asks for it, and an agent.
 */
export async function driveAuthorization({ scenario, url, context }: Task): Promise<void> {
  const gateway = await GatewayUnderTest.start()
  try {
    await gateway.addProtected(NAME, { transport: 'http', server_url: url }, signInFor(scenario, context))
    for (let tries = 1; ; tries++) {
      await gateway.signIn(NAME)
      try {
        await gateway.connected(NAME)
        await call(gateway.urlOf(NAME))
        break
      } catch (error) {
        if (tries === PATIENCE) throw error
      }
    }
  } finally {
    await gateway.close()
  }
}

/** What an admin enters for this server: nothing, unless the scenario gives a client. */
function signInFor(scenario: string, { client_id, client_secret, private_key_pem, issuer }: Context): SignIn {
  const grant_type = scenario.startsWith('auth/client-credentials') ? 'client_credentials' : 'authorization_code'
  return {
    oauth: {
      grant_type,
      ...(client_id !== undefined && { client_id }),
      ...(issuer !== undefined && { issuer }),
      ...(scenario === 'auth/basic-cimd' && { client_metadata_url: METADATA_DOCUMENT }),
    },
    credentials: {
      ...(client_secret !== undefined && { client_secret }),
      ...(private_key_pem !== undefined && { private_key: private_key_pem }),
    },
  }
}

/** Two calls in a row, as an agent makes them that does not know of any sign-in. */
async function call(url: string): Promise<void> {
  const client = new Client({ name: 'conformance-agent', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  try {
    await client.listTools()
    for (let calls = 0; calls < 2; calls++) await client.callTool({ name: 'test-tool', arguments: {} })
  } finally {
    await client.close()
  }
}
