import type { Terminal } from './terminal.ts'

/** Where the product lies. */
export interface Installation {
  version: string
  /** The built renderer. */
  consoleDir: string
  /** What ships beside the code. */
  resourcesDir: string
  /** Starts `gatehouse` of this installation. */
  launcher: { command: string; args: string[] }
}

/** All that a command knows of the world around it. */
export interface CommandContext {
  installation: Installation
  terminal: Terminal
  env: NodeJS.ProcessEnv
  dataDir: string
  workspace: string
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal
}
