export type PortAnswer = 'try-again' | 'free-port' | 'quit'

/**
 * Starts the core on its port. Agents have that address in their configurations, so a taken port is never given up
 * silently: the person decides, as often as it takes. Answers undefined for Quit.
 */
export async function startCore<Core>(options: {
  port: number
  start: (port: number) => Promise<Core>
  isPortTaken: (error: unknown) => boolean
  ask: (port: number) => Promise<PortAnswer>
}): Promise<Core | undefined> {
  let port = options.port
  for (;;) {
    try {
      return await options.start(port)
    } catch (error) {
      if (!options.isPortTaken(error)) throw error
      const answer = await options.ask(port)
      if (answer === 'quit') return undefined
      if (answer === 'free-port') port = 0
    }
  }
}
