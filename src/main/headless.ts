import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from './cli/main.ts'
import { launcherOf } from './launcher.ts'

// Two folders up lies the package, both from src/main and from out/main.
const packageRoot = new URL('../../', import.meta.url)

/** The entry for plain Node: `gatehouse …`. `argv` is what follows the program's name; answers the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string }
  return runCommandLine(argv, {
    version,
    consoleDir: folder('out/renderer'),
    resourcesDir: folder('out/resources'),
    launcher: launcherOf(folder('.')),
  })
}

function folder(path: string): string {
  return fileURLToPath(new URL(path, packageRoot))
}
