import type { AppOptions } from '../app-options.ts'
import type { CommandContext } from './command-context.ts'

/** What a core that a command starts takes from it: it stands where the command does. */
export function coreOptions({ installation, dataDir, env, home }: CommandContext) {
  return {
    ...installation,
    dataDir,
    environment: env,
    place: { home, env, platform: process.platform },
    deepLinks: false,
  } satisfies Partial<AppOptions>
}
