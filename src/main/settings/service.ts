import type { Settings, SettingsChanges } from '../../shared/contract/settings.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { isObject } from '../base/is-object.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import type { MetaStore } from '../store/meta-store.ts'

const META_KEY = 'settings'
const DEFAULT_PORT = 7420

const defaults = {
  port: DEFAULT_PORT,
  discovery_mode: 'full',
  merge_instructions: true,
  record_bodies: false,
  call_retention_days: 30,
  max_message_mib: 10,
  agent_concurrency: 1_024,
  agent_calls_per_minute: null,
  keep_in_tray: true,
} as const satisfies Partial<Settings>

/** What only a desktop application can do. The system keeps whether it starts at login, so that is asked for there. */
export interface LoginItem {
  isSet(): Promise<boolean>
  set(on: boolean): Promise<void>
}

interface SettingsServiceOptions {
  meta: MetaStore
  emitter: Emitter
  log: Pick<Logger, 'warn'>
  /** Undefined in a headless gateway. */
  loginItem: LoginItem | undefined
  /** The listener, which a change of the port moves. Its `move` throws when the port can't be had. */
  listener: { readonly port: number; move(port: number): Promise<void> }
  /** Told after a change of what agents see by default. */
  discoveryModeChanged: () => void
}

type Values = { [Key in keyof typeof defaults]: Exclude<SettingsChanges[Key], undefined> }
type Stored = Partial<Values>

/** Settings of the installation. Held in memory, because the gateway asks at each call. */
export class SettingsService {
  readonly #options: SettingsServiceOptions
  readonly #writes = new KeyedQueue()
  #stored: Stored = {}
  #values: Values = defaults
  #text: string | undefined

  constructor(options: SettingsServiceOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    this.#text = await this.#options.meta.get(META_KEY)
    if (this.#text !== undefined) this.#keep(await this.#read(this.#text))
  }

  /** What is kept, with the default of everything that was never set. */
  get values(): Values {
    return this.#values
  }

  async get(): Promise<Settings> {
    const { loginItem, listener } = this.#options
    const { keep_in_tray, ...values } = this.values
    return {
      ...values,
      port: listener.port,
      keep_in_tray: loginItem === undefined ? null : keep_in_tray,
      start_at_login: loginItem === undefined ? null : await loginItem.isSet(),
    }
  }

  /** What can fail outside (a port that is taken) is done first: then nothing is kept that is not so. */
  async update({ start_at_login, ...changes }: SettingsChanges): Promise<Settings> {
    return await this.#writes.run(META_KEY, async () => {
      const { loginItem, listener, meta, emitter, discoveryModeChanged } = this.#options
      this.#refuseWithoutDesktop({ start_at_login, keep_in_tray: changes.keep_in_tray })
      if (changes.port !== undefined && changes.port !== listener.port) await listener.move(changes.port)
      if (start_at_login !== undefined) await loginItem?.set(start_at_login)
      const before = this.values
      const stored = { ...this.#stored, ...withoutUndefined(changes) }
      const text = JSON.stringify(stored)
      if (!(await meta.replace(META_KEY, this.#text, text))) {
        throw new AppError('internal', { message: 'The settings were changed by someone else. Load them again.' })
      }
      this.#text = text
      this.#keep(stored)
      if (before.discovery_mode !== this.values.discovery_mode) discoveryModeChanged()
      const settings = await this.get()
      emitter.emitToAll({ type: 'settings_changed', settings })
      return settings
    })
  }

  async close(): Promise<void> {
    await this.#writes.idle()
  }

  #keep(stored: Stored): void {
    this.#stored = stored
    this.#values = { ...defaults, ...stored }
  }

  #refuseWithoutDesktop(given: Partial<Pick<SettingsChanges, 'start_at_login' | 'keep_in_tray'>>): void {
    if (this.#options.loginItem !== undefined) return
    for (const [path, value] of Object.entries(given)) {
      if (value === undefined) continue
      const message = 'Only the desktop application has this setting.'
      throw new AppError('invalid_input', { message, details: [{ path, message }] })
    }
  }

  /** A part that this version does not understand falls back to its default; the text is kept until the next change. */
  async #read(text: string): Promise<Stored> {
    try {
      const given: unknown = JSON.parse(text)
      if (!isObject(given)) throw new Error('They are no object.')
      // Loaded where somebody has changed a setting.
      const { SettingsChanges } = await import('../../shared/contract/settings.ts')
      const known = Object.entries(SettingsChanges.shape).flatMap(([key, schema]) => {
        const parsed = schema.safeParse(given[key])
        return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : []
      })
      return Object.fromEntries(known) as Stored
    } catch (error) {
      this.#options.log.warn({ error }, 'the stored settings could not be read; defaults are used')
      return {}
    }
  }
}

function withoutUndefined(changes: Omit<SettingsChanges, 'start_at_login'>): Stored {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
