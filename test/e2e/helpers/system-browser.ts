import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { desktopEntry } from '../../../src/main/electron/desktop-entry.ts'
import { desktopHomes } from './desktop.ts'

interface Browsed {
  opened?: string
  /** Where the authorization server sent the browser at the end. */
  answer?: string
  /** What is on the page there. */
  page?: string
  link?: string
  error?: string
}

/** A desktop that has one browser, which does what a person would, and no other program. */
export async function installSystemBrowser(dataDir: string) {
  const homes = desktopHomes(dataDir)
  const folder = join(dataDir, 'browser')
  const program = fileURLToPath(new URL('stand-in-browser.ts', import.meta.url))
  const entry = desktopEntry('Browser', [process.execPath, program, folder], { scheme: 'http' })
  for (const made of [folder, join(homes.XDG_DATA_HOME, 'applications'), homes.XDG_CONFIG_HOME]) {
    await mkdir(made, { recursive: true })
  }
  await writeFile(join(homes.XDG_DATA_HOME, 'applications', 'browser.desktop'), entry)
  await writeFile(
    join(homes.XDG_CONFIG_HOME, 'mimeapps.list'),
    '[Default Applications]\nx-scheme-handler/http=browser.desktop\nx-scheme-handler/https=browser.desktop\n',
  )
  return {
    /** For the app: whatever desktop the tests run on is not asked. */
    env: {
      ...homes,
      XDG_CURRENT_DESKTOP: 'X-Generic',
      XDG_DATA_DIRS: join(folder, 'none'),
      XDG_CONFIG_DIRS: join(folder, 'none'),
    },
    browsed: async (): Promise<Browsed[]> => {
      const lines = await readFile(join(folder, 'browsed.jsonl'), 'utf8').catch(() => '')
      return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Browsed]))
    },
    /** Keeps links from now on, as if the person had not come back yet. */
    hold: () => writeFile(join(folder, 'hold'), ''),
    release: () => rm(join(folder, 'hold')),
  }
}
