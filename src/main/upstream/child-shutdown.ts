import { execFile, type ChildProcess } from 'node:child_process'
import type { ShutdownLimits } from './limits.ts'
import type { ProcessFamily } from './process-family.ts'

/** How often a family that was told to leave is looked at. */
const POLL_MS = 25
const POLLS_A_LOOK = 4
/** Ending does not wait longer than this for the system to list its processes; the group dies without that list. */
const LOOK_MS = 1_000

/**
 * Ends a server and everything it started (MCP specification, lifecycle, shutdown of stdio): end of input, then SIGTERM,
 * then SIGKILL, the signals to its whole family. A launcher that leaves first must not leave its child behind, nor one
 * that has left the process group: so it is looked at before anything of it ends.
 */
export async function shutDownChild(child: ChildProcess, family: ProcessFamily, limits: ShutdownLimits): Promise<void> {
  await lookShortly(family)
  child.stdin?.end()
  await exited(child, limits.stdinMs)
  if (process.platform === 'win32' && !hasExited(child)) await killTree(family.pid)
  await endFamily(family, limits.terminateMs)
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
}

/** SIGTERM to those who are left, and SIGKILL to those who stay. Returns when nobody is left that can be ended. */
export async function endFamily(family: ProcessFamily, terminateMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!family.signal(0)) return
    // Again, right before the signal: for who came meanwhile, and for a number that is somebody else's by now.
    await lookShortly(family)
    if (!family.signal(signal) || (await isGone(family, terminateMs))) return
  }
}

/** Signals reach zombies, and how soon those go is up to the system's first process: the table tells them apart. */
async function isGone(family: ProcessFamily, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  for (let poll = 1; performance.now() < deadline; poll++) {
    await pause(POLL_MS)
    if (!family.signal(0)) return true
    if (poll % POLLS_A_LOOK === 0 && (await lookShortly(family))?.length === 0) return true
  }
  return false
}

async function lookShortly(family: ProcessFamily): Promise<readonly unknown[] | undefined> {
  return await Promise.race([family.look().catch(() => undefined), pause(LOOK_MS).then(() => undefined)])
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function exited(child: ChildProcess, withinMs: number): Promise<void> {
  if (hasExited(child)) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      child.off('exit', done)
      resolve()
    }
    const timer = setTimeout(done, withinMs)
    child.once('exit', done)
  })
}

function killTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    execFile('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true }, () => {
      resolve()
    })
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
