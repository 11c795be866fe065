import type { FoundServer, ImportOutcome } from '../../../shared/contract/clients.ts'
import { AppError } from '../../base/app-error.ts'
import { readClientId } from '../client-id.ts'
import type { CommandContext } from '../command-context.ts'
import { table } from '../table.ts'
import { UsageError } from '../usage-error.ts'
import { withClient } from '../with-client.ts'
import { counted } from '../words.ts'

export interface ImportClientsOptions {
  client?: string[]
  server?: string[]
  yes?: boolean
  remove?: boolean
}

/** Makes integrations of the MCP servers that clients on this machine have in their configurations. */
export async function importClients(context: CommandContext, options: ImportClientsOptions): Promise<number> {
  const { terminal, signal } = context
  const clients = options.client?.map(readClientId)
  if (!options.yes && !terminal.interactive) throw new UsageError('Say --yes to import without being asked.')
  return await withClient(context, async (client) => {
    const { items } = await client.clients.servers()
    const named = items.filter(
      (found) =>
        (clients?.includes(found.client) ?? true) &&
        (options.server === undefined || options.server.includes(found.server)),
    )
    requireNamed(options.server, named)
    // What is an integration already is left out, unless it was named.
    const wanted = named.filter(({ problem, known }) => problem === null && (!known || options.server !== undefined))
    const left = named.filter((found) => !wanted.includes(found))
    terminal.note(describeFound(context, wanted, left))
    if (wanted.length > 0 && !options.yes) {
      const taking = options.remove ? ' and take them out of their clients' : ''
      if (!(await terminal.confirm(`Import ${counted(wanted.length, 'server')}${taking}?`, signal))) {
        terminal.note('Nothing was imported.')
        return 0
      }
    }
    const outcomes = wanted.length === 0 ? [] : await run(wanted)
    const broken = left.filter(({ problem }) => problem !== null)
    terminal.answer({ items: [...outcomes, ...broken.map(asOutcome)] }, () => describeOutcomes(outcomes))
    const failed =
      outcomes.some(({ problem }) => problem !== null) || (options.server !== undefined && broken.length > 0)
    return failed ? 1 : 0

    async function run(servers: readonly FoundServer[]): Promise<ImportOutcome[]> {
      const answer = await terminal.busy(`Importing ${counted(servers.length, 'server')}`, () =>
        client.clients.import_servers({
          servers: servers.map(({ client: id, server }) => ({ client: id, server })),
          remove_from_clients: options.remove ?? false,
        }),
      )
      return answer.items
    }
  })
}

function describeFound(
  { terminal }: CommandContext,
  wanted: readonly FoundServer[],
  left: readonly FoundServer[],
): string {
  if (wanted.length + left.length === 0) return 'No MCP servers were found in the configurations of clients.'
  const heads = ['SERVER', 'OF', 'BECOMES', 'CONNECTS TO'].map((head) => terminal.styledNote('bold', head))
  const rows = wanted.map(({ server, client, name, target }) => [server, client, name, target])
  const skipped = left.map(({ server, client, problem, target }) => [
    server,
    client,
    terminal.styledNote(problem === null ? 'gray' : 'yellow', problem === null ? 'known' : 'left out'),
    problem ?? target,
  ])
  return table([heads, ...rows, ...skipped], terminal.columns)
}

function describeOutcomes(outcomes: readonly ImportOutcome[]): string {
  const made = outcomes.filter(({ name }) => name !== null).length
  const problems = outcomes.flatMap(({ server, client, problem }) =>
    problem === null ? [] : [`${server} of ${client}: ${problem}`],
  )
  return [made === 0 ? 'Nothing was imported.' : `Imported ${counted(made, 'server')}.`, ...problems].join('\n')
}

function asOutcome({ client, server, problem }: FoundServer): ImportOutcome {
  return { client, server, name: null, problem }
}

function requireNamed(names: readonly string[] | undefined, found: readonly FoundServer[]): void {
  const missing = names?.filter((name) => !found.some(({ server }) => server === name)) ?? []
  if (missing.length === 0) return
  throw new AppError('not_found', { message: `No client has a server named ${missing.join(', ')}.` })
}
