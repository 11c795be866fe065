import { CommanderError } from 'commander'
import type { Installation } from './command-context.ts'
import { reportError } from './error-report.ts'
import { createProgram } from './program.ts'
import { Terminal } from './terminal.ts'

/** A program that a signal ended says so by 128 and the signal's number. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Runs one command line and gives its exit code: 0, 1 (it failed) or 2 (usage). */
export async function runCommandLine(argv: readonly string[], installation: Installation): Promise<number> {
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const { stdin, stdout, stderr } = process
  const terminal = new Terminal({ stdin, stdout, stderr, json: words.includes('--json') })
  const interruption = listenForSignals()
  // `serve` ends well by a signal and says 0; a command that a signal cut short says so.
  let exitCode = 0
  const program = createProgram({
    installation,
    hasDashes: argv.includes('--'),
    terminal,
    env: process.env,
    signal: interruption.signal,
    finish: (code) => (exitCode = code),
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    // Help and version are answers.
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    return interruption.exitCode() ?? reportError(error, terminal)
  } finally {
    interruption.close()
  }
}

/** The first signal asks to end in order; the second ends at once. */
function listenForSignals() {
  const controller = new AbortController()
  let first: keyof typeof SIGNAL_EXIT_CODES | undefined
  const onSignal = (signal: keyof typeof SIGNAL_EXIT_CODES): void => {
    if (first !== undefined) process.exit(SIGNAL_EXIT_CODES[signal])
    first = signal
    controller.abort()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    exitCode: () => first && SIGNAL_EXIT_CODES[first],
    close: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  }
}
