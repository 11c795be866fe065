import { spawn, type ChildProcess } from 'node:child_process'
import { batchCommandLine, isBatchFile } from './windows-batch.ts'

/** A process to be started: argv, never a shell's command line. */
export interface StdioCommand {
  /** The file that `findCommand` found. */
  file: string
  /** What the admin wrote; for messages. */
  command: string
  args: readonly string[]
  environment: Record<string, string>
  cwd: string
}

/** Starts it with three pipes, as the leader of a process group and a session of its own where the system has them. */
export function startProcess({ file, args, environment, cwd }: StdioCommand): ChildProcess {
  const options = { cwd, env: environment, shell: false, windowsHide: true, stdio: 'pipe' as const }
  if (process.platform !== 'win32') return spawn(file, args, { ...options, detached: true })
  if (!isBatchFile(file)) return spawn(file, args, options)
  const cmd = environment.COMSPEC ?? environment.ComSpec ?? 'cmd.exe'
  return spawn(cmd, ['/d', '/s', '/c', batchCommandLine(file, args)], { ...options, windowsVerbatimArguments: true })
}

/** It has a pid: the system has started it, whatever becomes of it. */
export function isStarted(child: ChildProcess): child is ChildProcess & { pid: number } {
  return child.pid !== undefined
}
