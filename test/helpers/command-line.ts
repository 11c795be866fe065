import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** What would change how we answer, and where clients have moved their configurations to. */
const NOT_INHERITED =
  /^(GATEHOUSE_|NO_COLOR|FORCE_COLOR|CLAUDE_CONFIG_DIR|CODEX_HOME|GEMINI_CLI_HOME|XDG_CONFIG_HOME|APPDATA)/

/** As it ships: the sources take three times as long to start. */
const entry = fileURLToPath(new URL('../../bin/gatehouse.mjs', import.meta.url))

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
}

interface RunOptions {
  env?: Record<string, string>
  input?: string
  cwd?: string
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

/** The `gatehouse` command in processes of its own, on one data directory that nothing else uses. */
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

  /** Runs a command to its end, with pipes and no terminal. */
  async run(args: string[], { input = '', ...options }: RunOptions = {}): Promise<CommandResult> {
    const child = this.#spawn(args, options)
    child.stdin.end(input)
    return await resultOf(child)
  }

  /** `run`, and hears of each piece of stderr as it comes. */
  async watch(args: string[], onStderr: (text: string) => void): Promise<CommandResult> {
    const child = this.#spawn(args, {})
    child.stderr.on('data', (piece: Buffer) => onStderr(piece.toString()))
    child.stdin.end()
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
