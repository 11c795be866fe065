export type PortAnswer = 'try-again' | 'free-port' | 'quit'

/**
 * Starts the core on its port. Agents have that address in their configurations, so a taken port is never given up
 * silently: the person decides, as often as it takes. Answers undefined for Quit.
 */
export async function startCore<Core>(options: {
  /** Undefined: as the settings say. */
  port: number | undefined
  start: (port: number | undefined) => Promise<Core>
  /** The port that another program listens on, where that is why it failed. */
  takenPort: (error: unknown) => number | undefined
  ask: (port: number) => Promise<PortAnswer>
}): Promise<Core | undefined> {
  let port = options.port
  for (;;) {
    try {
      return await options.start(port)
    } catch (error) {
      const taken = options.takenPort(error)
      if (taken === undefined) throw error
      const answer = await options.ask(taken)
      if (answer === 'quit') return undefined
      if (answer === 'free-port') port = 0
    }
  }
}
