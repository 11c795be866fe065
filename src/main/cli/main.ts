import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Installation } from './command-context.ts'
import { runCommand } from './run-command.ts'

/** A program that a signal ended says so by 128 and the signal's number. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Runs one command line as this process and gives its exit code: 0, 1 (it failed), 2 (usage), or that of a signal. */
export async function runCommandLine(argv: readonly string[], installation: Installation): Promise<number> {
  const { stdin, stdout, stderr, env } = process
  const interruption = listenForSignals()
  const { signal } = interruption
  try {
    const surroundings = { stdin, stdout, stderr, env, home: homedir(), resolvePath: (path: string) => resolve(path) }
    return (await runCommand(argv, installation, { ...surroundings, signal })) ?? interruption.exitCode()
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
    exitCode: () => SIGNAL_EXIT_CODES[first ?? 'SIGTERM'],
    close: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  }
}
