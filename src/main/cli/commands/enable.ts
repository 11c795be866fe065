import type { CommandContext } from '../command-context.ts'
import { describeConnection } from '../describe-connection.ts'
import { waitForConnection } from '../wait-for-connection.ts'
import { withClient } from '../with-client.ts'

export async function enable(context: CommandContext, name: string): Promise<number> {
  const { terminal, signal } = context
  const integration = await terminal.busy(`Connecting to ${name}`, () =>
    withClient(context, (client) => waitForConnection(client, signal, () => client.integrations.enable({ name }))),
  )
  terminal.answer(integration, () => `Enabled ${name}. ${describeConnection(integration)}`)
  return 0
}
