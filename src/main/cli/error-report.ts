import { ORPCError } from '@orpc/client'
import { CommanderError } from 'commander'
import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

interface Report {
  exitCode: number
  code: string
  message: string
  details: ErrorDetail[]
}

/** Shows what went wrong and gives the exit code: 2 where it was typed wrongly, 1 for everything else. */
export function reportError(error: unknown, terminal: Terminal): number {
  const { exitCode, code, message, details } = describe(error)
  if (terminal.json) {
    terminal.printJson({ error: { code, message, details } })
    return exitCode
  }
  terminal.note(`${terminal.styledNote('red', 'Error:')} ${message}`)
  for (const { path, message: fact } of details) if (fact !== message) terminal.note(`  ${path}: ${fact}`)
  if (exitCode === 2) terminal.note('See `gatehouse --help`, or `gatehouse COMMAND --help`.')
  return exitCode
}

function describe(error: unknown): Report {
  if (error instanceof CommanderError) {
    const message =
      error.code === 'commander.help' ? 'Say which command to run.' : error.message.replace(/^error: /, '')
    return { exitCode: 2, code: 'usage', message, details: [] }
  }
  if (error instanceof UsageError) return { exitCode: 2, code: 'usage', message: error.message, details: [] }
  if (error instanceof AppError)
    return { exitCode: 1, code: error.code, message: error.message, details: error.details }
  if (error instanceof ORPCError) {
    const data = error.data as { details?: ErrorDetail[] } | undefined
    return { exitCode: 1, code: String(error.code), message: error.message, details: data?.details ?? [] }
  }
  return { exitCode: 1, code: 'internal', message: messageOf(error), details: [] }
}
