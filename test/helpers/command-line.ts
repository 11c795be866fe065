import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import packageFile from '../../package.json' with { type: 'json' }
import type { Surroundings } from '../../src/main/cli/command-context.ts'
import { launcherOf } from '../../src/main/launcher.ts'
import { forkReading, type StartReading } from '../../src/main/rest/openapi/start-reading.ts'

/** What would change how we answer, and where clients have moved their configurations to. */
const NOT_INHERITED =
  /^(GATEHOUSE_|NO_COLOR|FORCE_COLOR|CLAUDE_CONFIG_DIR|CODEX_HOME|GEMINI_CLI_HOME|XDG_CONFIG_HOME|APPDATA)/

const root = fileURLToPath(new URL('../../', import.meta.url))

/** As it ships: the sources take three times as long to start. */
const entry = join(root, 'bin', 'gatehouse.mjs')

/** By the build: a process of the sources would have to understand each module anew. */
const startReading: StartReading = () => {
  const reading = forkReading(join(root, 'out', 'main', 'openapi-process.js'))
  const thread = pathToFileURL(join(root, 'out', 'main', 'openapi-worker.js')).href
  return { ...reading, post: (order) => reading.post({ ...order, thread }) }
}

const installation = {
  version: packageFile.version,
  consoleDir: join(root, 'out', 'renderer'),
  resourcesDir: join(root, 'out', 'resources'),
  launcher: launcherOf(root),
  startReading,
}

/** For those tests that need them, and before a command begins: its own waits have limits. */
async function loadCommands() {
  const [{ runCommand }] = await Promise.all([
    import('../../src/main/cli/run-command.ts'),
    import('../../src/main/cli/client-commands.ts'),
    import('../../src/main/cli/temporary-core.ts'),
    import('../../src/main/api/router.ts'),
    import('../../src/main/http/api-door.ts'),
    import('../../src/main/system/registry-files.ts'),
  ])
  return runCommand
}

export interface CommandResult {
  /** Null: a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
}

interface RunOptions {
  env?: Record<string, string>
  input?: string
  cwd?: string
}

interface RunHereOptions extends RunOptions {
  /** What Ctrl-C aborts. */
  signal?: AbortSignal
  /** Whether somebody sits in front of it: the streams say that they are terminals. */
  isTTY?: boolean
  /** What is typed. Default: `input`, and its end. */
  stdin?: Readable
  /** Hears each piece of the output as it comes. */
  onStdout?: (text: string) => void
  onStderr?: (text: string) => void
}

interface ReadyEvent {
  event: string
  version: string
  pid: number
  mcp_url: string
  api_url: string
  console_url: string
  admin_token: string
  agent_token: string
}

export interface RunningGateway {
  ready: ReadyEvent
  process: ChildProcessWithoutNullStreams
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<CommandResult>
}

/**
 * The `gatehouse` command on one data directory that nothing else uses. A process for each takes a second to start, so
 * commands run in this one, from the sources; as it ships, in a process of its own, where that is what is tested.
 */
export class CommandLine {
  readonly dataDir: string
  /** Where configurations of clients are looked for. */
  readonly home: string
  readonly #key = Buffer.alloc(32, 7).toString('base64')
  readonly #children = new Set<ChildProcessWithoutNullStreams>()

  private constructor(dataDir: string) {
    this.dataDir = dataDir
    this.home = join(dataDir, 'home')
  }

  static async create(): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), 'gatehouse-cli-')))
  }

  /** Runs a command to its end in this process. */
  async run(args: string[], options: RunHereOptions = {}): Promise<CommandResult> {
    const { input = '', cwd = process.cwd(), signal = new AbortController().signal } = options
    const runCommand = await loadCommands()
    const { env } = this.command(args, options.env)
    const stream = () => Object.assign(new PassThrough(), { isTTY: options.isTTY })
    const [stdout, stderr] = [stream(), stream()]
    const written = Promise.all([text(stdout), text(stderr)])
    if (options.onStdout) stdout.on('data', (piece: Buffer) => options.onStdout?.(piece.toString()))
    if (options.onStderr) stderr.on('data', (piece: Buffer) => options.onStderr?.(piece.toString()))
    const stdin = options.stdin ?? Readable.from(input === '' ? [] : [Buffer.from(input)])
    const surroundings = {
      stdin: Object.assign(stdin, { isTTY: options.isTTY }),
      stdout,
      stderr,
      env,
      home: env.HOME,
      resolvePath: (path: string) => resolve(cwd, path),
      signal,
    }
    const code = await runCommand(args, installation, surroundings as unknown as Surroundings)
    stdout.end()
    stderr.end()
    const [out, err] = await written
    return { code: code ?? null, stdout: out, stderr: err }
  }

  /** Runs a command to its end as it ships, in a process of its own, with pipes and no terminal. */
  async runProcess(args: string[], { input = '', ...options }: RunOptions = {}): Promise<CommandResult> {
    const child = this.#spawn(args, options)
    child.stdin.end(input)
    return await resultOf(child)
  }

  /** `run` for commands that must succeed and answer JSON. */
  async json<Answer = unknown>([command = '', ...args]: string[], options: RunOptions = {}): Promise<Answer> {
    const { code, stdout, stderr } = await this.run([command, '--json', ...args], options)
    if (code !== 0) throw new Error(`gatehouse ${command} ${args.join(' ')} exited ${code}: ${stdout}${stderr}`)
    return JSON.parse(stdout) as Answer
  }

  /** Starts `gatehouse serve --port 0 --json` and waits for its ready line. */
  async serve(args: string[] = [], options: RunOptions = {}): Promise<RunningGateway> {
    const child = this.#spawn(['serve', '--port', '0', '--json', ...args], options)
    const result = resultOf(child)
    const lines = createInterface({ input: child.stdout })
    const first = await Promise.race([once(lines, 'line'), result])
    if (!Array.isArray(first)) throw new Error(`serve exited ${first.code}: ${first.stdout}${first.stderr}`)
    return {
      ready: JSON.parse(String(first[0])) as ReadyEvent,
      process: child,
      stop: (signal = 'SIGTERM') => {
        child.kill(signal)
        return result
      },
    }
  }

  /** Ends what still runs and removes the data. */
  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL')
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 })
  }

  /** What somebody else has to start to run this command on this data directory. */
  command(args: string[], env: Record<string, string> = {}) {
    const inherited = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
      value === undefined || NOT_INHERITED.test(name) ? [] : [[name, value]],
    )
    const own = {
      HOME: this.home,
      GATEHOUSE_DATA_DIR: this.dataDir,
      GATEHOUSE_VAULT: 'key',
      GATEHOUSE_VAULT_KEY: this.#key,
    }
    return {
      command: process.execPath,
      args: [entry, ...args],
      env: { ...Object.fromEntries(inherited), ...own, ...env },
    }
  }

  #spawn(words: string[], { env, cwd }: Omit<RunOptions, 'input'>): ChildProcessWithoutNullStreams {
    const { command, args, env: whole } = this.command(words, env)
    const child = spawn(command, args, { ...(cwd === undefined ? {} : { cwd }), env: whole })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }
}

async function resultOf(child: ChildProcessWithoutNullStreams): Promise<CommandResult> {
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await closed) as [number | null]
  return { code, stdout, stderr }
}
