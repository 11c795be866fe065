import { execFile, type ChildProcess } from 'node:child_process'
import type { ShutdownLimits } from './limits.ts'

/** How often a group whose leader is gone is looked at. */
const POLL_MS = 25

/**
 * Ends a server and everything it started (MCP specification, lifecycle, shutdown of stdio): end of input, then SIGTERM,
 * then SIGKILL, the signals to the whole process group. A launcher that leaves first must not leave its child behind.
 */
export async function shutDownChild(child: ChildProcess, limits: ShutdownLimits): Promise<void> {
  child.stdin?.end()
  await exited(child, limits.stdinMs)
  await endGroup(child, limits.terminateMs)
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
}

/** What is left of the group of a process that ended, or was told to. Returns when nothing is. */
async function endGroup(child: ChildProcess, terminateMs: number): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  if (process.platform === 'win32') {
    if (!hasExited(child)) await killTree(pid)
    return
  }
  if (!signalGroup(pid, 'SIGTERM')) return
  const deadline = performance.now() + terminateMs
  while (performance.now() < deadline) {
    await pause(POLL_MS)
    if (!signalGroup(pid, 0)) return
  }
  signalGroup(pid, 'SIGKILL')
  await exited(child, terminateMs)
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function exited(child: ChildProcess, withinMs: number): Promise<void> {
  if (hasExited(child) || child.pid === undefined) return Promise.resolve()
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

/** False when there is no such group (any more). */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch (error) {
    // EPERM: a member that became another user. It exists, but we can't end it.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && signal !== 0
  }
}

function killTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    execFile('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true }, () => {
      resolve()
    })
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
