/** Whether starting failed because another program listens there: node:http's own error, found also as the cause of ours. */
export function isPortTaken(error: unknown): boolean {
  for (let fault = error; fault instanceof Error; fault = fault.cause) {
    if ('code' in fault && fault.code === 'EADDRINUSE') return true
  }
  return false
}
