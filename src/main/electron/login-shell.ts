import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { delimiter } from 'node:path'
import { childEnvironment } from '../upstream/child-environment.ts'

export interface LoginShellOptions {
  /** Default: the user's own. */
  shell?: string | null
  timeoutMs?: number
  platform?: NodeJS.Platform
  log: { warn(fields: object, message: string): void }
}

/** A start-up file that asks a question or waits for a network ends nobody's start. */
const TIMEOUT_MS = 3_000
const MAX_OUTPUT = 256 * 1024
/** Two frameworks that take over an interactive shell unless they are told not to. */
const QUIET = { DISABLE_AUTO_UPDATE: 'true', ZSH_TMUX_AUTOSTART: 'false' }

/**
 * `own` with the PATH that the user has in a terminal. A desktop starts programs with a short one, and `npx`, `uvx` and
 * the like are found only on the one that the shell's start-up files make. Never rejects: without an answer it is `own`.
 */
export async function loginShellEnvironment(
  own: NodeJS.ProcessEnv,
  { shell = shellOfUser(), timeoutMs = TIMEOUT_MS, platform = process.platform, log }: LoginShellOptions,
): Promise<NodeJS.ProcessEnv> {
  if (platform === 'win32' || !shell) return own
  try {
    const found = await askForPath(shell, own, timeoutMs)
    const known = found.split(delimiter)
    const missing = (own.PATH ?? '').split(delimiter).filter((entry) => entry !== '' && !known.includes(entry))
    return { ...own, PATH: [found, ...missing].join(delimiter) }
  } catch (error) {
    log.warn({ shell, error }, 'the login shell did not tell its PATH; commands are looked for on our own')
    return own
  }
}

function shellOfUser(): string | null {
  try {
    return userInfo().shell
  } catch {
    return null // a user that the system does not know, as in some containers
  }
}

/** What the shell prints between two marks: start-up files print as well. Whatever it does after that, it is ended. */
function askForPath(shell: string, own: NodeJS.ProcessEnv, timeoutMs: number): Promise<string> {
  const mark = randomUUID()
  return new Promise((resolve, reject) => {
    // In a session of its own, where nothing can ask the terminal that we may have been started from.
    const child = spawn(shell, ['-ilc', `command echo ${mark}; command printenv PATH; command echo ${mark}`], {
      env: childEnvironment(own, QUIET),
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    const settle = (result: string | Error) => {
      clearTimeout(timer)
      process.off('exit', end)
      end()
      child.stdout.destroy()
      if (typeof result === 'string') resolve(result)
      else reject(result)
    }
    const timer = setTimeout(() => settle(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs)
    process.once('exit', end)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const [, path, rest] = output.split(mark)
      if (rest !== undefined) settle(pathOf(path ?? ''))
      else if (output.length > MAX_OUTPUT) settle(new Error('it prints without end'))
    })
    child.once('error', settle)
    child.once('close', (code) => settle(new Error(`it ended with code ${code ?? 0} and without an answer`)))
  })
}

function pathOf(text: string): string | Error {
  const path = text.trim()
  return path.startsWith('/') && !/[\0\n]/.test(path) ? path : new Error('what it printed is no PATH')
}
