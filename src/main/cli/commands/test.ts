import type { TestResult, TestStep } from '../../../shared/contract/integrations.ts'
import type { CommandContext } from '../command-context.ts'
import { table } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { withClient } from '../with-client.ts'

/** Answers the exit code: a connection that does not work is a failure of this command. */
export async function test(context: CommandContext, name: string): Promise<number> {
  const { terminal, signal } = context
  const result = await terminal.busy(`Testing ${name}`, () =>
    withClient(context, (client) => client.integrations.test({ name }, { signal })),
  )
  return tellTest(result, terminal)
}

/** Answers the exit code. */
export function tellTest(result: TestResult, terminal: Terminal): number {
  terminal.answer(result, () => {
    const steps = table(result.steps.map((step) => row(step, terminal)))
    return `${steps}\n${terminal.styled(result.ok ? 'green' : 'red', result.message)}`
  })
  return result.ok ? 0 : 1
}

function row({ state, step, duration_ms, message }: TestStep, terminal: Terminal): string[] {
  const mark = terminal.styled(state === 'ok' ? 'green' : 'red', state)
  return [mark, step, `${Math.round(duration_ms)} ms`, message]
}
