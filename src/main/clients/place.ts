import { posix, win32 } from 'node:path'

/** Where configurations are looked for: handed in, so that tests have a home of their own. */
export interface Place {
  home: string
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
}

/** A path below one of the folders of this place, in the writing of its operating system. */
export function pathIn({ platform }: Place, folder: string, ...names: string[]): string {
  return (platform === 'win32' ? win32 : posix).join(folder, ...names)
}

/** Where desktop programs keep their data: `%APPDATA%`, `~/Library/Application Support`, `$XDG_CONFIG_HOME`. */
export function appDataFolder(place: Place): string {
  const { platform, home, env } = place
  if (platform === 'win32') return given(env.APPDATA) ?? pathIn(place, home, 'AppData', 'Roaming')
  if (platform === 'darwin') return pathIn(place, home, 'Library', 'Application Support')
  return xdgConfigFolder(place)
}

/** The XDG specification has relative paths ignored. */
export function xdgConfigFolder(place: Place): string {
  const { home, env } = place
  const folder = given(env.XDG_CONFIG_HOME)
  return folder !== undefined && posix.isAbsolute(folder) ? folder : pathIn(place, home, '.config')
}

/** A variable that is set to nothing is as good as not set. */
export function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
