import { AppError } from '../../base/app-error.ts'
import type { CommandContext } from '../command-context.ts'
import { connectTo, findRunningGateway } from '../running-gateway.ts'

/** Only a gateway that goes on running has a console to look at. */
export async function openConsole(context: CommandContext): Promise<number> {
  const running = await findRunningGateway(context.dataDir)
  if (!running) {
    throw new AppError('not_found', {
      message: `No gateway is running on ${context.dataDir}. Start one with \`gatehouse serve\`.`,
    })
  }
  const answer = await connectTo(running, context.workspace).console.create_url()
  context.terminal.answer(answer, () => answer.console_url)
  return 0
}
