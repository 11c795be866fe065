import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../base/app-error.ts'
import { DataDir } from '../base/data-dir.ts'

const DEFAULT_PORT = 7420

export interface CommandLine {
  dataDir: string
  port: number
}

/**
 * `--data-dir DIR` (or GATEHOUSE_DATA_DIR) and `--port N`. Everything else is left alone: Chromium's own switches and
 * the folder of the app come in the same list.
 */
export function readCommandLine(args: string[], env: NodeJS.ProcessEnv): CommandLine {
  const { values } = parseArgs({
    args,
    options: { 'data-dir': { type: 'string' }, port: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  const dataDir = text(values['data-dir']) ?? text(env.GATEHOUSE_DATA_DIR)
  return {
    dataDir: dataDir === undefined ? DataDir.defaultPath() : resolve(dataDir),
    port: readPort(text(values.port)),
  }
}

function readPort(given: string | undefined): number {
  if (given === undefined) return DEFAULT_PORT
  const port = Number(given)
  if (!/^\d+$/.test(given) || port > 65_535) {
    throw new AppError('invalid_input', { message: `--port takes a number from 0 to 65535, not "${given}".` })
  }
  return port
}

const text = (value: string | boolean | undefined) => (typeof value === 'string' && value !== '' ? value : undefined)
