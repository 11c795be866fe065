import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { App } from 'electron'
import { SCHEME } from './deep-link.ts'
import { desktopEntry, schemeType } from './desktop-entry.ts'
import { withDefaultApplication } from './mime-apps.ts'
import { commandWords, type OwnCommand } from './own-command.ts'

/** Makes the system hand links of our scheme to this installation and its data folder. The last one that claims has them. */
export interface LinkScheme {
  /** Rejects with what the system says. */
  claim(): Promise<void>
}

/** macOS takes the scheme from the package of the application; Windows is told the command, for this user. */
export class SystemLinkScheme implements LinkScheme {
  readonly #app: Pick<App, 'setAsDefaultProtocolClient'>
  readonly #command: OwnCommand

  constructor(app: Pick<App, 'setAsDefaultProtocolClient'>, command: OwnCommand) {
    this.#app = app
    this.#command = command
  }

  claim(): Promise<void> {
    const { executable, args } = this.#command
    return this.#app.setAsDefaultProtocolClient(SCHEME, executable, args)
      ? Promise.resolve()
      : Promise.reject(new Error(`The system does not let this program open ${SCHEME}: links.`))
  }
}

/** Beside an entry that a package has, which is in the menu: this one is never seen, and may go away with its folder. */
const ENTRY = 'gatehouse-url-handler.desktop'

/**
 * Linux desktops start what an entry says, and `mimeapps.list` says which entry (freedesktop.org MIME Applications
 * Associations 1.0.1). Electron would ask `xdg-settings` for the second half: it is not on every machine, keeps the
 * whole application waiting, and knows only an entry that is there already, which nobody has installed for a checkout.
 */
export class DesktopLinkScheme implements LinkScheme {
  readonly #homes: { data: string; config: string }
  readonly #entry: string
  #last: Promise<void> = Promise.resolve()

  /** `homes` of the XDG Base Directory Specification. */
  constructor(homes: { data: string; config: string }, command: OwnCommand) {
    this.#homes = homes
    this.#entry = desktopEntry('Gatehouse', commandWords(command), { scheme: SCHEME })
  }

  /** One after the other: both files are written aside under one name. */
  claim(): Promise<void> {
    this.#last = this.#last.catch(() => undefined).then(() => this.#claim())
    return this.#last
  }

  async #claim(): Promise<void> {
    await replace(join(this.#homes.data, 'applications', ENTRY), () => this.#entry)
    await replace(join(this.#homes.config, 'mimeapps.list'), (list) =>
      withDefaultApplication(list, schemeType(SCHEME), ENTRY),
    )
  }
}

/** Whole or not at all, and only where it differs: desktops read their caches anew after each change. */
async function replace(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(missing)
  const after = change(before ?? '')
  if (before === after) return
  await mkdir(dirname(path), { recursive: true })
  // People keep such files in a repository and link to them: the link stays.
  const file = before === undefined ? path : await realpath(path)
  const mode = before === undefined ? 0o644 : (await stat(file)).mode & 0o777
  const aside = `${file}.${process.pid}.tmp`
  await writeFile(aside, after, { mode })
  await rename(aside, file)
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
