import { readFile } from 'node:fs/promises'
import { ORPCError } from '@orpc/client'
import type { ErrorDetail } from '../../shared/contract/errors.ts'
import type { ApplyPlan } from '../../shared/contract/transfer.ts'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import { parseDocument } from '../transfer/document.ts'
import { readWanted } from '../transfer/wanted.ts'
import type { CommandContext } from './command-context.ts'
import type { Client } from './running-gateway.ts'
import { VAULT_HINT } from './vault-hint.ts'

/** A configuration to be applied: an export of ours, or the `{"mcpServers": …}` object that MCP clients keep. */
export interface DocumentFile {
  path: string
  document: string
}

/** `-` reads standard input. */
export async function readDocument({ terminal, resolvePath }: CommandContext, path: string): Promise<DocumentFile> {
  try {
    return { path, document: path === '-' ? await terminal.readInput() : await readFile(resolvePath(path), 'utf8') }
  } catch (error) {
    throw refusal(path, messageOf(error))
  }
}

/** Throws what can be said of the document without a gateway. */
export function checkDocument({ path, document }: DocumentFile): void {
  let problems: string[]
  try {
    const parts = readWanted(parseDocument(document))
    problems = Object.values(parts).flatMap((items: { name: string; problem?: string }[]) =>
      items.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`])),
    )
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    problems = [error.message]
  }
  if (problems.length > 0) throw refusal(path, problems.join(' '))
}

export async function applyDocument(client: Client, { path, document }: DocumentFile): Promise<ApplyPlan> {
  try {
    return await client.transfer.apply({ document })
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error
    const { details = [] } = (error.data ?? {}) as { details?: ErrorDetail[] }
    const facts = details.map((detail) => `${detail.path}: ${detail.message}`)
    const hint = error.code === 'vault_locked' ? [VAULT_HINT] : []
    throw refusal(path, [error.message, ...facts, ...hint].join(' '), error)
  }
}

function refusal(path: string, reason: string, cause?: unknown): AppError {
  const what = path === '-' ? 'Standard input' : path
  return new AppError('invalid_input', { message: `${what} can't be applied: ${reason}`, cause })
}
