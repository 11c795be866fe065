import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { App } from 'electron'
import type { LoginItem } from '../settings/service.ts'
import { desktopEntry } from './desktop-entry.ts'

/** Opens in the tray, without a window. */
const HIDDEN_SWITCH = '--hidden'

/** macOS and Windows keep by themselves what starts at login. */
export class SystemLoginItem implements LoginItem {
  readonly #app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>

  constructor(app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>) {
    this.#app = app
  }

  isSet(): Promise<boolean> {
    return Promise.resolve(this.#app.getLoginItemSettings({ args: [HIDDEN_SWITCH] }).openAtLogin)
  }

  set(on: boolean): Promise<void> {
    this.#app.setLoginItemSettings({ openAtLogin: on, args: [HIDDEN_SWITCH] })
    return Promise.resolve()
  }
}

/** Linux desktops start what has a desktop entry in one folder (XDG Desktop Application Autostart). */
export class AutostartEntry implements LoginItem {
  readonly #file: string
  readonly #command: readonly string[]

  /** `file` lies in the autostart folder; `command` starts this installation. */
  constructor(file: string, command: readonly string[]) {
    this.#file = file
    this.#command = command
  }

  /** An entry that the desktop's own settings switched off is as good as none. */
  async isSet(): Promise<boolean> {
    try {
      const text = await readFile(this.#file, 'utf8')
      return !/^(Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/m.test(text)
    } catch {
      return false
    }
  }

  async set(on: boolean): Promise<void> {
    if (!on) {
      await rm(this.#file, { force: true })
      return
    }
    await mkdir(dirname(this.#file), { recursive: true })
    const aside = `${this.#file}.${process.pid}.tmp`
    await writeFile(aside, desktopEntry('Gatehouse', [...this.#command, HIDDEN_SWITCH]))
    await rename(aside, this.#file)
  }
}
