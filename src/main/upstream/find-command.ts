import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'

/** Where a command is looked for. */
export interface CommandPlace {
  cwd: string
  environment: Record<string, string>
  platform?: NodeJS.Platform
}

/**
 * The file that a command names, as the operating system would find it, or undefined. Asked before spawning, because the
 * spawn error ENOENT is the same for a command and for a working directory that do not exist.
 */
export function findCommand(command: string, place: CommandPlace): string | undefined {
  const platform = place.platform ?? process.platform
  const paths = platform === 'win32' ? path.win32 : path.posix
  const names = platform === 'win32' ? windowsNames(command, place.environment, paths) : [command]
  if (command.includes('/') || (platform === 'win32' && command.includes('\\'))) {
    return names.map((name) => paths.resolve(place.cwd, name)).find((file) => isExecutable(file, platform))
  }
  const directories = (variable(place.environment, 'PATH', platform) ?? '').split(paths.delimiter)
  for (const directory of directories) {
    if (directory === '') continue
    for (const name of names) {
      const file = paths.resolve(place.cwd, directory, name)
      if (isExecutable(file, platform)) return file
    }
  }
  return undefined
}

export function isDirectory(directory: string): boolean {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Windows finds `npx` as `npx.cmd`, by the list in PATHEXT. */
function windowsNames(command: string, environment: Record<string, string>, paths: path.PlatformPath): string[] {
  const extensions = (variable(environment, 'PATHEXT', 'win32') ?? '.COM;.EXE;.BAT;.CMD').split(';').filter(Boolean)
  const withExtensions = extensions.map((extension) => command + extension.toLowerCase())
  return paths.extname(command) === '' ? withExtensions : [command, ...withExtensions]
}

function variable(environment: Record<string, string>, name: string, platform: NodeJS.Platform): string | undefined {
  if (platform !== 'win32') return environment[name]
  const key = Object.keys(environment).find((candidate) => candidate.toUpperCase() === name)
  return key === undefined ? undefined : environment[key]
}

function isExecutable(file: string, platform: NodeJS.Platform): boolean {
  try {
    accessSync(file, platform === 'win32' ? constants.F_OK : constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
