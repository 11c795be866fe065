/** How a target talks to the bench over the IPC channel of its process. */

export interface Ready {
  ready: { url: string; prefix: string; token: string }
}

export interface Usage {
  usage: { cpuMicroseconds: number; rssBytes: number }
}

/** Tells where the target listens and, when asked, what it has used so far. `prefix` stands before each tool name. */
export function announce(url: string, prefix = '', token = ''): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const usage = { cpuMicroseconds: user + system, rssBytes: process.memoryUsage.rss() }
    process.send?.({ usage } satisfies Usage)
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({ ready: { url, prefix, token } } satisfies Ready)
}
