import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { z } from 'zod'
import type { NewIntegration } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import { integrationOfEntry } from '../clients/integration-of-entry.ts'
import { readServerEntry } from '../clients/server-entry.ts'

const File = z.object({ mcpServers: z.record(z.string(), z.unknown()) })

/**
 * Reads the `{"mcpServers": …}` object that MCP clients keep. All of it is checked before anything is applied; what looks
 * like a secret in `env` and `headers` becomes a credential, which the vault keeps.
 */
export async function readMcpServersFile(path: string): Promise<NewIntegration[]> {
  const bySlug = new Map<string, { name: string; input: NewIntegration }>()
  for (const [name, entry] of Object.entries(await readEntries(path))) {
    const input = toIntegration(path, name, entry)
    const other = bySlug.get(input.name)
    if (other) throw invalid(path, `"${other.name}" and "${name}" would both be named ${input.name}. Rename one.`)
    bySlug.set(input.name, { name, input })
  }
  return [...bySlug.values()].map(({ input }) => input)
}

async function readEntries(path: string): Promise<Record<string, unknown>> {
  let content: unknown
  try {
    content = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw invalid(path, reasonOf(error))
  }
  const file = File.safeParse(content)
  if (!file.success) throw invalid(path, 'it has no "mcpServers" object.')
  return file.data.mcpServers
}

function toIntegration(path: string, name: string, value: unknown): NewIntegration {
  const read = readServerEntry(value)
  if ('problem' in read) throw invalid(path, `"${name}": ${read.problem}`)
  // What is given to `serve` is meant as it stands: its author writes it for this gateway, not for an editor.
  const place = { home: homedir(), env: {}, platform: process.platform }
  const made = integrationOfEntry(name, read.entry, { place, placeholders: 'none' })
  if ('problem' in made) throw invalid(path, `"${name}": ${made.problem}`)
  return made.input
}

/** V8 quotes the text around the place where it gave up; in this file that may be part of a token. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  return error instanceof SyntaxError ? `it is not JSON: ${reason.replace(/, [".].*$/s, '')}.` : reason
}

function invalid(path: string, reason: string): AppError {
  return new AppError('invalid_input', { message: `${path} can't be applied: ${reason}` })
}
