import { z } from 'zod'
import { messageOf } from '../../base/message-of.ts'
import type { CommandContext } from '../command-context.ts'
import { UsageError } from '../usage-error.ts'
import { withClient } from '../with-client.ts'

const Arguments = z.record(z.string(), z.unknown())
/** What we read of a tool's answer; whatever else it holds is shown as JSON. */
const Content = z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))

/** Answers the exit code: a tool that says `isError` has failed. */
export async function call(context: CommandContext, name: string, given: string | undefined): Promise<number> {
  const { terminal, signal } = context
  const args = parseArguments(given === '-' ? await terminal.readInput() : (given ?? '{}'))
  const result = await terminal.busy(`Calling ${name}`, () =>
    withClient(context, (client) => client.tools.call({ name, arguments: args }, { signal })),
  )
  const failed = result.isError === true
  if (terminal.json) terminal.printJson(result)
  else if (failed) terminal.note(terminal.styledNote('red', readable(result)))
  else terminal.print(readable(result))
  return failed ? 1 : 0
}

function parseArguments(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`The arguments are not JSON: ${messageOf(error)}.`)
  }
  const parsed = Arguments.safeParse(value)
  if (!parsed.success) throw new UsageError('The arguments must be a JSON object, for example \'{"city": "Bern"}\'.')
  return value as Record<string, unknown>
}

/** Text as it is; a picture or a resource by what it is; without any content the structured result. */
function readable(result: Record<string, unknown>): string {
  const content = Content.safeParse(result.content)
  if (!content.success || content.data.length === 0) return JSON.stringify(result.structuredContent ?? result, null, 2)
  return content.data.map((block) => block.text ?? JSON.stringify(block)).join('\n')
}
