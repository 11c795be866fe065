import type { CommandContext } from '../command-context.ts'
import { withClient } from '../with-client.ts'

export async function disable(context: CommandContext, name: string): Promise<number> {
  const integration = await withClient(context, (client) => client.integrations.disable({ name }))
  context.terminal.answer(integration, () => `Disabled ${name}. Its tools are out of the gateway.`)
  return 0
}
