import type { OAuthSettings } from '../../shared/contract/oauth.ts'
import type { Logger } from '../base/log.ts'
import type { CallbackRequestsOptions } from './callback-requests.ts'
import { LINK_URI, loopbackUri } from './callback-uri.ts'
import { LoopbackListener } from './loopback-listener.ts'

/** Addresses to listen on that 127.0.0.1 belongs to. */
const WITH_LOOPBACK = new Set(['127.0.0.1', 'localhost', '0.0.0.0', '::'])

interface RedirectsOptions extends CallbackRequestsOptions {
  /** The gateway's listener: its port, now, and the address that it listens on. */
  gateway: { readonly port: number; readonly host: string }
  log: Logger
}

interface Open {
  listener: LoopbackListener
  listening: Promise<void>
  users: number
}

/** Where browsers come back to (RFC 8252, 7), and what hears them there. */
export class Redirects {
  readonly #options: RedirectsOptions
  readonly #open = new Map<number, Open>()
  /** By port: what was listened on there is still closing. */
  readonly #closing = new Map<number, Promise<void>>()

  constructor(options: RedirectsOptions) {
    this.#options = options
  }

  /** What a person registers, and what clients that register themselves have a path of their own below. */
  uriFor({ redirect, redirect_port }: Pick<OAuthSettings, 'redirect' | 'redirect_port'>): string {
    return redirect === 'deep_link' ? LINK_URI : loopbackUri(redirect_port ?? this.#options.gateway.port)
  }

  /**
   * Listens at a redirect URI where nothing does already, until it is closed. One port may be opened several times.
   * Rejects with AppError `in_use` when another program has it.
   */
  async open(redirectUri: string): Promise<{ close(): Promise<void> }> {
    const port = this.#portToOpen(redirectUri)
    if (port === undefined) return { close: () => Promise.resolve() }
    await this.#closing.get(port)
    const open = this.#open.get(port) ?? this.#listen(port)
    open.users++
    let isOpen = true
    const close = async () => {
      if (!isOpen) return
      isOpen = false
      if (--open.users === 0) await this.#close(port, open)
    }
    try {
      await open.listening
    } catch (error) {
      await close()
      throw error
    }
    return { close }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map(([port, open]) => this.#close(port, open)))
    await Promise.all(this.#closing.values())
  }

  /** Undefined: it is a link, or the gateway listens there. */
  #portToOpen(redirectUri: string): number | undefined {
    const { protocol, port } = new URL(redirectUri)
    if (protocol !== 'http:') return undefined
    const { gateway } = this.#options
    return Number(port) === gateway.port && WITH_LOOPBACK.has(gateway.host) ? undefined : Number(port)
  }

  #listen(port: number): Open {
    const listener = new LoopbackListener({ ...this.#options, port })
    const open = { listener, listening: listener.listen(), users: 0 }
    this.#open.set(port, open)
    return open
  }

  async #close(port: number, open: Open): Promise<void> {
    if (this.#open.get(port) === open) this.#open.delete(port)
    const closed = open.listening.catch(() => undefined).then(() => open.listener.close())
    this.#closing.set(port, closed)
    await closed
    if (this.#closing.get(port) === closed) this.#closing.delete(port)
  }
}
