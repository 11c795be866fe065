import type { App } from 'electron'
import { linksIn } from './deep-link.ts'

/** What a start asks for: the link that it was given, or undefined: to bring the console forward. */
type Wish = string | undefined

/** Nobody has more links on the way than this while the core starts; what is beyond it is an attack or a mistake. */
const MAX_WAITING = 20

/**
 * What the first start, every further start and the system ask of the one instance. Has to be made before Electron is
 * ready: macOS hands over the link that it started the application for at that moment, and a start that comes while the
 * core is still opening must not be lost.
 */
export class StartInbox {
  readonly #waiting: Wish[] = []
  #receive: ((wish: Wish) => void) | undefined

  constructor(app: Pick<App, 'on'>, args: readonly string[]) {
    for (const link of linksIn(args)) this.#put(link)
    // Windows and Linux start the application once more with the link as an argument.
    app.on('second-instance', (_event, others) => {
      const links = linksIn(others)
      if (links.length === 0) this.#put(undefined)
      for (const link of links) this.#put(link)
    })
    app.on('open-url', (event, link) => {
      event.preventDefault()
      this.#put(link)
    })
  }

  /** Gives what has come so far, and from now on everything as it comes. */
  deliverTo(receive: (wish: Wish) => void): void {
    this.#receive = receive
    for (const wish of this.#waiting.splice(0)) receive(wish)
  }

  #put(wish: Wish): void {
    if (this.#receive) this.#receive(wish)
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(wish)
  }
}
