import { Command, InvalidArgumentError, Option } from 'commander'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'
import { DataDir } from '../base/data-dir.ts'
import type { CommandContext } from './command-context.ts'
import type { AddOptions } from './commands/add.ts'
import type { ApplyOptions } from './commands/apply.ts'
import type { ApproveOptions } from './commands/approve.ts'
import type { ConnectOptions } from './commands/connect.ts'
import type { ImportClientsOptions } from './commands/import-clients.ts'
import type { ImportOpenApiOptions } from './commands/import-openapi.ts'
import type { ServeOptions } from './commands/serve.ts'
import type { StdioOptions } from './commands/stdio.ts'
import type { ToolsOptions } from './commands/tools.ts'

const examples = `
Examples:
  gatehouse serve
  gatehouse add everything -- npx -y @modelcontextprotocol/server-everything
  gatehouse add tracker https://mcp.example.com/mcp --bearer-stdin < token.txt
  gatehouse add notes https://notes.example.com/mcp --oauth && gatehouse authorize notes
  gatehouse test everything
  gatehouse tools "add numbers"
  gatehouse call everything__echo '{"message": "hello"}'
  gatehouse connect claude-code
  gatehouse list --json`

/** Of a help that goes into a pipe. */
const HELP_COLUMNS = 80

/** What talks to a gateway comes together, and not with the gateway itself. */
const commands = () => import('./client-commands.ts')

interface ProgramOptions extends Omit<CommandContext, 'dataDir' | 'workspace'> {
  /** Whether there was a `--`, which the parser takes away. */
  hasDashes: boolean
  /** Hears the exit code of the command that was chosen. */
  finish: (exitCode: number) => void
}

/** The grammar of the command line: what may be typed, and which command it goes to. */
export function createProgram({ finish, hasDashes, ...world }: ProgramOptions): Command {
  const program = new Command('gatehouse')
    .description('One local MCP gateway: connect servers once, reach every allowed tool at one address.')
    .version(world.installation.version)
    .addHelpText('after', examples)
    // Thrown instead, so that there is one place where errors are shown and exit codes are chosen.
    .exitOverride()
    .configureOutput({
      writeOut: (words) => world.terminal.print(words.trimEnd()),
      writeErr: (words) => world.terminal.note(words.trimEnd()),
      getOutHelpWidth: () => world.terminal.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => world.terminal.columns ?? HELP_COLUMNS,
      outputError: () => undefined,
    })

  /** Adds a command with the options that all of them take. */
  const command = (syntax: string, description: string, group: Command = program): Command =>
    group
      .command(syntax)
      .description(description)
      .option('--json', 'answer in JSON')
      .option(
        '--data-dir <dir>',
        'where everything is kept (GATEHOUSE_DATA_DIR)',
        nonEmpty(world.env.GATEHOUSE_DATA_DIR) ?? DataDir.defaultPath(),
      )
      .option('--workspace <name>', 'which workspace', DEFAULT_WORKSPACE)

  const run = async (chosen: Command, work: (context: CommandContext) => Promise<number>): Promise<void> => {
    // `export openapi`: what both take, its parent has taken.
    const { dataDir, workspace } = chosen.optsWithGlobals<{ dataDir: string; workspace: string }>()
    finish(await work({ ...world, dataDir: world.resolvePath(dataDir), workspace }))
  }

  command('serve', 'run the gateway until SIGINT or SIGTERM')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one (default: as in the settings, 7420)', readPort)
    .option('--allow-host <name...>', 'further host names that the gateway is reached by', [])
    .option('--config <file>', 'first apply this file: an export, or the "mcpServers" of an MCP client')
    .action((options: ServeOptions, chosen: Command) =>
      run(chosen, async (context) => {
        // The whole core comes with it; the other commands start faster without.
        const { serve } = await import('./commands/serve.ts')
        return serve(context, options)
      }),
    )

  command('stdio', 'an MCP server on standard input and output, for agents that only start commands')
    .option('--agent <name>', 'the agent that it acts for', 'default')
    .option('--integration <name>', 'one integration under its own tool names; without it all of them')
    .action((options: StdioOptions, chosen: Command) =>
      run(chosen, async (context) => {
        const { stdio } = await import('./commands/stdio.ts')
        return stdio(context, options)
      }),
    )

  command('console', 'print a fresh address of the browser console, good for 60 s').action(
    (_options: object, chosen: Command) => run(chosen, async (context) => (await commands()).openConsole(context)),
  )

  command('add <name> [target...]', 'add an MCP server by its URL, or by its command after "--"')
    .usage('NAME URL [options]\n       gatehouse add NAME [options] -- COMMAND [ARGS…]')
    .addOption(new Option('--transport <name>', 'how to speak to a URL (default: what works)').choices(['http', 'sse']))
    .option('--bearer-stdin', 'read a bearer token for a URL from standard input')
    .option('--oauth', 'sign in to a URL with OAuth 2: see `gatehouse authorize`')
    .option('--env <entry>', 'for a command: NAME=VALUE, or NAME to store a secret from this environment', collect)
    .action((name: string, words: string[], options: AddOptions, chosen: Command) =>
      run(chosen, async (context) => {
        const { add, readTarget } = await commands()
        return add(context, name, readTarget(words, hasDashes), options)
      }),
    )

  command('list', 'all integrations and how they stand').action((_options: object, chosen: Command) =>
    run(chosen, async (context) => (await commands()).list(context)),
  )
  command('show <name>', 'all about one integration').action((name: string, _options: object, chosen: Command) =>
    run(chosen, async (context) => (await commands()).show(context, name)),
  )
  command('enable <name>', 'serve an integration').action((name: string, _options: object, chosen: Command) =>
    run(chosen, async (context) => (await commands()).enable(context, name)),
  )
  command('disable <name>', 'take an integration out of the gateway').action(
    (name: string, _options: object, chosen: Command) =>
      run(chosen, async (context) => (await commands()).disable(context, name)),
  )
  command('remove <name>', 'delete a custom integration with its secrets')
    .option('--yes', 'do not ask')
    .action((name: string, options: { yes?: boolean }, chosen: Command) =>
      run(chosen, async (context) => (await commands()).remove(context, name, options)),
    )
  command('test <name>', 'test the connection, step by step').action(
    (name: string, _options: object, chosen: Command) =>
      run(chosen, async (context) => (await commands()).test(context, name)),
  )
  command(
    'authorize <name>',
    'print where to sign in to an integration with OAuth 2, and wait until somebody did',
  ).action((name: string, _options: object, chosen: Command) =>
    run(chosen, async (context) => (await commands()).authorize(context, name)),
  )
  command('doctor [name]', 'what is wrong with an integration, or with the whole installation, and what to do').action(
    (name: string | undefined, _options: object, chosen: Command) =>
      run(chosen, async (context) => (await commands()).doctor(context, name)),
  )
  command('tools [query]', 'the tools that the gateway serves, or those that match')
    .option('--held', 'those that agents do not get until they are approved')
    .action((query: string | undefined, options: ToolsOptions, chosen: Command) =>
      run(chosen, async (context) => (await commands()).tools(context, query, options)),
    )
  command(
    'approve <name> [tools...]',
    'approve tools of an integration as its server describes them now; all that wait',
  )
    .option('--diff', 'show what differs from what was approved, and approve nothing')
    .option('--yes', 'do not ask')
    .action((name: string, names: string[], options: ApproveOptions, chosen: Command) =>
      run(chosen, async (context) => (await commands()).approve(context, name, names, options)),
    )
  command('call <tool> [json]', 'call a tool by its gateway name; "-" reads the arguments from standard input').action(
    (tool: string, json: string | undefined, _options: object, chosen: Command) =>
      run(chosen, async (context) => (await commands()).call(context, tool, json)),
  )
  command('connect [client]', 'write the gateway into the configuration of an MCP client; without one list them all')
    .option('--yes', 'do not ask')
    .addOption(new Option('--dry-run', 'show the change, and make none').conflicts(['disconnect', 'restore']))
    .addOption(new Option('--disconnect', 'take the gateway out').conflicts('restore'))
    .option('--restore', 'put the newest copy of the configuration back')
    .action((client: string | undefined, options: ConnectOptions, chosen: Command) =>
      run(chosen, async (context) => (await commands()).connect(context, client, options)),
    )
  const importing = program.command('import').description('make integrations of what others have')
  command('clients', 'the MCP servers in the configurations of MCP clients', importing)
    .option('--client <id...>', 'of these clients only')
    .option('--server <name...>', 'these servers only')
    .option('--yes', 'do not ask')
    .option('--remove', 'take what was imported out of its client')
    .action((options: ImportClientsOptions, chosen: Command) =>
      run(chosen, async (context) => (await commands()).importClients(context, options)),
    )
  command(
    'openapi [target] [name]',
    'a REST API of an OpenAPI or Swagger document: a file, a folder, a URL, or "-"',
    importing,
  )
    .usage('FILE|FOLDER|URL|- NAME [options]\n       gatehouse import openapi [FILE|URL] NAME --update')
    .option('--select <what>', 'all, read (the default), tag:NAME, or names with "*"; may be given again', collect)
    .option('--with <path>', 'a file or folder that the document refers to; may be given again', collect)
    .option('--preview', 'show what it would give, and write nothing; needs no name and no gateway')
    .option('--base-url <url>', 'the address of the API (default: as the document says)')
    .option('--bearer-stdin', 'read a bearer token for the API from standard input')
    .option('--api-key-stdin', 'read an API key from standard input')
    .option('--basic-stdin', 'read USER:PASSWORD from standard input')
    .option('--update', 'compare with the integration NAME and take over what has changed')
    .option('--yes', 'do not ask')
    .action((target: string | undefined, name: string | undefined, options: ImportOpenApiOptions, chosen: Command) =>
      run(chosen, async (context) => {
        // Readers of archives and documents come with it.
        const { importOpenApi } = await import('./commands/import-openapi.ts')
        return importOpenApi(context, target, name, options)
      }),
    )
  const exporting = command('export [file]', 'the workspace as YAML, without any secret')
    .option('--force', 'replace a file that is there')
    .action((file: string | undefined, options: { force?: boolean }, chosen: Command) =>
      run(chosen, async (context) => (await commands()).exportDocument(context, file, options)),
    )
  command('openapi <name> [file]', 'a REST API as an OpenAPI 3.1 document, without any secret', exporting)
    .option('--force', 'replace a file that is there')
    .action((name: string, file: string | undefined, _options: object, chosen: Command) =>
      run(chosen, async (context) =>
        (await commands()).exportOpenApi(context, name, file, chosen.optsWithGlobals<{ force?: boolean }>()),
      ),
    )
  command(
    'apply <file>',
    'make what an export, or the "mcpServers" of an MCP client, asks for; "-" reads standard input',
  )
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--yes', 'do not ask')
    .action((file: string, options: ApplyOptions, chosen: Command) =>
      run(chosen, async (context) => (await commands()).apply(context, file, options)),
    )
  return program
}

function readPort(given: string): number {
  if (!/^\d+$/.test(given) || Number(given) > 65_535) throw new InvalidArgumentError('Use a number from 0 to 65535.')
  return Number(given)
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function collect(entry: string, entries: string[] = []): string[] {
  return [...entries, entry]
}
