import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../base/app-error.ts'
import { DataDir } from '../base/data-dir.ts'

export interface CommandLine {
  dataDir: string
  /** Undefined: as the settings say. */
  port: number | undefined
  /** Started at login: in the tray, without a window. */
  hidden: boolean
}

/**
 * `--data-dir DIR` (or GATEHOUSE_DATA_DIR), `--port N` and `--hidden`. Everything else is left alone: Chromium's own switches and
 * the folder of the app come in the same list.
 */
export function readCommandLine(args: string[], env: NodeJS.ProcessEnv): CommandLine {
  const { values } = parseArgs({
    args,
    options: { 'data-dir': { type: 'string' }, port: { type: 'string' }, hidden: { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
  })
  const dataDir = text(values['data-dir']) ?? text(env.GATEHOUSE_DATA_DIR)
  return {
    dataDir: dataDir === undefined ? DataDir.defaultPath() : resolve(dataDir),
    port: readPort(text(values.port)),
    hidden: values.hidden === true,
  }
}

function readPort(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const port = Number(given)
  if (!/^\d+$/.test(given) || port > 65_535) {
    throw new AppError('invalid_input', { message: `--port takes a number from 0 to 65535, not "${given}".` })
  }
  return port
}

const text = (value: string | boolean | undefined) => (typeof value === 'string' && value !== '' ? value : undefined)
