/**
 * Tells the bench what the process has used, when asked over the IPC channel, and ends with it. Loaded into the gateway by
 * `--import`, so that it can stay as it is.
 */

export interface Usage {
  usage: { cpuMicroseconds: number; rssBytes: number }
}

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const usage = { cpuMicroseconds: user + system, rssBytes: process.memoryUsage.rss() }
  process.send?.({ usage } satisfies Usage)
})
process.on('disconnect', () => process.exit(0))
// A target that ends by itself does not wait for the bench.
process.channel?.unref()
