/**
 * The port that another program listens on, where that is why starting failed: node:http's own error, found also as the
 * cause of ours.
 */
export function takenPort(error: unknown): number | undefined {
  for (let fault = error; fault instanceof Error; fault = fault.cause) {
    if ('code' in fault && fault.code === 'EADDRINUSE') return 'port' in fault ? Number(fault.port) : 0
  }
  return undefined
}
