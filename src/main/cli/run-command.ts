import { CommanderError } from 'commander'
import type { Installation, Surroundings } from './command-context.ts'
import { createProgram } from './program.ts'
import { Terminal } from './terminal.ts'

/**
 * Runs one command line in the given surroundings, of which it leaves nothing open, and gives its exit code: 0, 1 (it
 * failed) or 2 (usage). Undefined: the signal cut it short.
 */
export async function runCommand(
  argv: readonly string[],
  installation: Installation,
  { stdin, stdout, stderr, ...world }: Surroundings,
): Promise<number | undefined> {
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const terminal = new Terminal({ stdin, stdout, stderr, json: words.includes('--json') })
  // `serve` ends well by a signal and says 0; a command that a signal cut short says so.
  let exitCode = 0
  const program = createProgram({
    installation,
    hasDashes: argv.includes('--'),
    terminal,
    ...world,
    finish: (code) => (exitCode = code),
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    // Help and version are answers.
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (world.signal.aborted) return undefined
    // Late, since it knows the errors of the API's client, and a gateway that starts needs none of that.
    const { reportError } = await import('./error-report.ts')
    return reportError(error, terminal)
  }
}
