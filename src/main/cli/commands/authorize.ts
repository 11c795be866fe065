import type { Integration } from '../../../shared/contract/integrations.ts'
import type { AuthorizationStart } from '../../../shared/contract/oauth.ts'
import type { CommandContext } from '../command-context.ts'
import { describeConnection } from '../describe-connection.ts'
import type { Client } from '../running-gateway.ts'
import type { Terminal } from '../terminal.ts'
import { waitForConnection } from '../wait-for-connection.ts'
import { waitForSignIn } from '../wait-for-sign-in.ts'
import { withClient } from '../with-client.ts'

/** Prints where one signs in, and waits until somebody did. Answers the exit code. */
export async function authorize(context: CommandContext, name: string): Promise<number> {
  return await withClient(context, (client) => signIn(context, client, name), { usualPort: true })
}

async function signIn({ terminal, signal }: CommandContext, client: Client, name: string): Promise<number> {
  const integration = await waitForSignIn(client, signal, name, (start) => tell(start, terminal))
  if (integration.status === 'disabled') {
    terminal.answer(integration, () => `Signed in to ${name}. ${describeConnection(integration)}`)
    return 0
  }
  const connected = await terminal.busy(`Connecting to ${name}`, () =>
    waitForConnection(client, signal, () => settled(client, name)),
  )
  terminal.answer(connected, () => `Signed in to ${name}. ${describeConnection(connected)}`)
  return 0
}

function tell(start: AuthorizationStart, terminal: Terminal): void {
  const { authorization_url: url, expires_at } = start
  if (url === null) return
  if (terminal.json) {
    terminal.printJson({ authorization_url: url, redirect_uri: start.redirect_uri, expires_at })
    return
  }
  terminal.print(url)
  terminal.note('Open this address in the browser of this machine and sign in. Waiting for it; Ctrl-C gives up.')
}

/** What came before the sign-in says nothing about the connection after it. */
async function settled(client: Client, name: string): Promise<Integration> {
  const integration = await client.integrations.get({ name })
  const { state } = integration.connection
  return state === 'needs_auth' || state === 'error' ? await client.integrations.restart({ name }) : integration
}
