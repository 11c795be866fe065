import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { z } from 'zod'
import type { NewMcpIntegration } from '../../../shared/contract/integrations.ts'
import { looksSecret } from '../../../shared/secret-names.ts'
import { chooseTransport } from '../choose-transport.ts'
import type { CommandContext } from '../command-context.ts'
import { describeConnection } from '../describe-connection.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { waitForConnection } from '../wait-for-connection.ts'
import { withClient } from '../with-client.ts'

type Input = z.input<typeof NewMcpIntegration>

export interface AddOptions {
  bearerStdin?: boolean
  oauth?: boolean
  transport?: 'http' | 'sse'
  env?: string[]
}

type Target = { url: string } | { command: string[] }

/** What stood behind the name: a URL, or a command after two dashes. A mistyped URL must not become a command. */
export function readTarget(words: string[], hasDashes: boolean): Target {
  const [first] = words
  if (first !== undefined && hasDashes) return { command: words }
  if (first?.includes('://') && words.length === 1) return { url: first }
  throw new UsageError('Give a URL, or a command after two dashes: gatehouse add NAME -- COMMAND [ARGS…]')
}

export async function add(context: CommandContext, name: string, target: Target, options: AddOptions): Promise<number> {
  const { terminal, signal } = context
  const input =
    'url' in target
      ? await urlInput(name, target.url, options, terminal)
      : stdioInput(name, target.command, options, context)
  const integration = await terminal.busy(`Connecting to ${name}`, () =>
    withClient(context, async (client) => {
      // Without a token both transports are refused alike: which of them it is shows after the sign-in.
      if ('url' in target && options.transport === undefined && options.oauth !== true) {
        const transport = await chooseTransport(client, target.url, input, signal)
        input.mcp = { transport, server_url: target.url }
      }
      return await waitForConnection(client, signal, () => client.integrations.create(input))
    }),
  )
  const next = options.oauth === true ? `Sign in: \`gatehouse authorize ${name}\`.` : describeConnection(integration)
  terminal.answer(integration, () => `Added ${name}. ${next}`)
  return 0
}

async function urlInput(name: string, url: string, options: AddOptions, terminal: Terminal): Promise<Input> {
  if (options.env) throw new UsageError('--env goes with a command; a server at a URL has its own environment.')
  const input: Input = { name, mcp: { transport: options.transport ?? 'http', server_url: url } }
  if (options.oauth) {
    if (options.bearerStdin) throw new UsageError('--oauth gets a token by itself: leave --bearer-stdin out.')
    return { ...input, auth_type: 'oauth2' }
  }
  if (!options.bearerStdin) return input
  const token = (await terminal.readInput()).trim()
  if (token === '') throw new UsageError('--bearer-stdin found no token on standard input.')
  return { ...input, auth_type: 'bearer', credentials: { api_token: token } }
}

function stdioInput(
  name: string,
  [command = '', ...args]: string[],
  options: AddOptions,
  context: CommandContext,
): Input {
  if (options.bearerStdin)
    throw new UsageError('--bearer-stdin goes with a URL. Give a command its secrets by --env NAME.')
  if (options.oauth) throw new UsageError('--oauth goes with a URL. Give a command its secrets by --env NAME.')
  if (options.transport !== undefined)
    throw new UsageError('--transport goes with a URL; a command is spoken to over stdio.')
  // `node server.js` means the file beside us, wherever the gateway runs later.
  const { env, resolvePath } = context
  const namesFileHere = [command, ...args].some((word) => !isAbsolute(word) && existsSync(resolvePath(word)))
  const { plain, secret } = readEnv(options.env ?? [], env)
  return {
    name,
    mcp: { transport: 'stdio', command, args, env: plain, ...(namesFileHere ? { cwd: resolvePath('.') } : {}) },
    ...(Object.keys(secret).length > 0 ? { credentials: { env: secret } } : {}),
  }
}

/**
 * `--env NAME=VALUE` is kept as it is; `--env NAME` takes a secret from our own environment into the vault. A secret as an
 * argument would stand in the shell's history and in every process list, so it is refused.
 */
function readEnv(given: string[], own: NodeJS.ProcessEnv) {
  const plain: Record<string, string> = {}
  const secret: Record<string, string> = {}
  for (const entry of given) {
    const [name = '', ...rest] = entry.split('=')
    const value = rest.join('=')
    if (rest.length === 0) {
      const secretValue = own[name]
      if (!secretValue) throw new UsageError(`--env ${name} takes the value from the environment, where it is not set.`)
      secret[name] = secretValue
    } else if (looksSecret(name, value)) {
      throw new UsageError(
        `${name} looks like a secret. Set it in the environment and pass --env ${name} without a value.`,
      )
    } else {
      plain[name] = value
    }
  }
  return { plain, secret }
}
