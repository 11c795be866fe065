import type { ClientId, McpClient } from '../../../shared/contract/clients.ts'
import { readClientId } from '../client-id.ts'
import { colouredDiff } from '../coloured-diff.ts'
import type { CommandContext } from '../command-context.ts'
import type { Client } from '../running-gateway.ts'
import { table } from '../table.ts'
import { UsageError } from '../usage-error.ts'
import { withClient } from '../with-client.ts'

export interface ConnectOptions {
  yes?: boolean
  dryRun?: boolean
  disconnect?: boolean
  restore?: boolean
}

/** Writes the gateway into the configuration of a client, takes it out, or puts the former one back. */
export async function connect(
  context: CommandContext,
  given: string | undefined,
  options: ConnectOptions,
): Promise<number> {
  const { terminal } = context
  if (given === undefined) return await listClients(context)
  const id = readClientId(given)
  // Before anything is started: nobody could answer.
  if (!options.yes && !options.dryRun && !terminal.interactive) {
    throw new UsageError('This changes a file of another program. Look at the change with --dry-run, then say --yes.')
  }
  return await withClient(context, async (client, core) => {
    if (options.disconnect || options.restore) return await takeBack(context, client, id, options)
    const { config_path, diff, revision } = await client.clients.preview({ id })
    if (options.dryRun) {
      terminal.answer({ config_path, diff, revision }, () =>
        diffWords(diff, (style, line) => terminal.styled(style, line)),
      )
      return 0
    }
    terminal.note(diffWords(diff, (style, line) => terminal.styledNote(style, line)))
    if (!(await agreed(context, options, `Write this into ${config_path}?`))) return 0
    const connected = await client.clients.connect({ id, revision })
    terminal.answer(connected, () => describeConnected(connected))
    if (core.temporary && id !== 'claude-desktop') {
      terminal.note('It reaches the gateway only while that runs. Start it with `gatehouse serve`, or open the window.')
    }
    return 0
  })
}

/** Which clients there are on this machine, and how they stand. */
async function listClients(context: CommandContext): Promise<number> {
  const { terminal } = context
  const answer = await withClient(context, (client) => client.clients.list())
  terminal.answer(answer, () => {
    const heads = ['CLIENT', 'STATUS', 'SERVERS', 'CONFIGURATION'].map((head) => terminal.styled('bold', head))
    const rows = answer.items.map((item) => {
      const [word, colour] = standing(item)
      return [item.id, terminal.styled(colour, word), String(item.server_count), item.config_path]
    })
    return table([heads, ...rows], terminal.columns)
  })
  for (const { problem } of answer.items) if (problem !== null) terminal.note(problem)
  return 0
}

async function takeBack(
  context: CommandContext,
  client: Client,
  id: ClientId,
  options: ConnectOptions,
): Promise<number> {
  const { terminal } = context
  const { items } = await client.clients.list()
  const path = items.find((item) => item.id === id)?.config_path ?? id
  const question = options.restore ? `Put the newest copy of ${path} back?` : `Take the gateway out of ${path}?`
  if (!(await agreed(context, options, question))) return 0
  const done = options.restore ? await client.clients.restore({ id }) : await client.clients.disconnect({ id })
  const what = options.restore ? `${path} is as it was before the last change.` : `The gateway is no longer in ${path}.`
  terminal.answer(done, () => [what, ...copyOf(done)].join(' '))
  return 0
}

async function agreed(
  { terminal, signal }: CommandContext,
  { yes }: ConnectOptions,
  question: string,
): Promise<boolean> {
  if (yes || (await terminal.confirm(question, signal))) return true
  terminal.note('Nothing was changed.')
  return false
}

function describeConnected(connected: McpClient): string {
  const { name, agent } = connected
  const now = `${name} is connected as the agent ${agent ?? name}. Restart it to have it read its configuration.`
  return [now, ...copyOf(connected)].join(' ')
}

function copyOf({ backup_path }: McpClient): string[] {
  return backup_path === null ? [] : [`What stood there before is in ${backup_path}.`]
}

function standing({ state, gateway }: McpClient): [word: string, colour: 'green' | 'yellow' | 'red' | 'gray'] {
  switch (state) {
    case 'absent':
      return ['Not installed', 'gray']
    case 'unreadable':
      return ['Unreadable', 'red']
    case 'no_file':
      return ['Not connected', 'gray']
    case 'ready':
      return gateway === 'connected'
        ? ['Connected', 'green']
        : gateway === 'stale'
          ? ['Needs to be connected again', 'yellow']
          : ['Not connected', 'gray']
  }
}

function diffWords(diff: string, styled: Parameters<typeof colouredDiff>[1]): string {
  return diff === '' ? 'Nothing has to be changed.' : colouredDiff(diff, styled)
}
