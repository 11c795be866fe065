import { join } from 'node:path'
import { DataDir } from '../base/data-dir.ts'

interface OwnCommandOptions {
  executable: string
  /** The folder of the app, which an installation that is not packaged has to be told; undefined: it is packaged. */
  appPath: string | undefined
  dataDir: string
  /** The sandbox of Chromium can not be used here: it was started without it, and could not start otherwise. */
  withoutSandbox: boolean
  env: NodeJS.ProcessEnv
}

/** What starts this installation again, on the same data folder: as the system does at login, or for a link. */
export interface OwnCommand {
  /** Set before it starts. */
  environment: Record<string, string>
  executable: string
  args: string[]
}

export function ownCommand({ executable, appPath, dataDir, withoutSandbox, env }: OwnCommandOptions): OwnCommand {
  // An installation that is not packaged may need to be told where its database driver is.
  const binding = env.GATEHOUSE_SQLITE_BINDING
  return {
    environment: binding ? { GATEHOUSE_SQLITE_BINDING: binding } : {},
    executable,
    args: [
      ...(withoutSandbox ? ['--no-sandbox'] : []),
      ...(appPath === undefined ? [] : [appPath]),
      ...(dataDir === DataDir.defaultPath() ? [] : [`--data-dir=${dataDir}`]),
    ],
  }
}

/** As one list, for a desktop entry. */
export function commandWords({ environment, executable, args }: OwnCommand): string[] {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  return [...(settings.length > 0 ? ['env', ...settings] : []), executable, ...args]
}

/** Where programs of this user are known to the desktop, and what opens what (XDG Base Directory Specification). */
export function xdgHomes(env: NodeJS.ProcessEnv, home: string): { data: string; config: string } {
  return {
    data: absolute(env.XDG_DATA_HOME) ?? join(home, '.local', 'share'),
    config: absolute(env.XDG_CONFIG_HOME) ?? join(home, '.config'),
  }
}

/** Relative ones are invalid and ignored, as the specification says. */
const absolute = (path: string | undefined) => (path?.startsWith('/') ? path : undefined)
