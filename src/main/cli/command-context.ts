import type { StartReading } from '../rest/openapi/start-reading.ts'
import type { Streams, Terminal } from './terminal.ts'

/** Where the product lies. */
export interface Installation {
  version: string
  /** The built renderer. */
  consoleDir: string
  /** What ships beside the code. */
  resourcesDir: string
  /** Starts `gatehouse` of this installation. */
  launcher: { command: string; args: string[] }
  /** Starts the process that reads OpenAPI documents. Default: by Node. */
  startReading?: StartReading
}

/** What is around a command line: the process that it runs in, unless somebody runs it elsewhere. */
export interface Surroundings extends Streams {
  env: NodeJS.ProcessEnv
  /** The home folder of whoever gave the command. */
  home: string
  /** A path as it was typed, from the folder where the command was given. */
  resolvePath: (path: string) => string
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal
}

/** All that a command knows of the world around it. */
export interface CommandContext extends Omit<Surroundings, keyof Streams> {
  installation: Installation
  terminal: Terminal
  dataDir: string
  workspace: string
}
