import type { Client } from '../client.ts'

/**
 * The gateway is about to listen on another port. A browser's page was served by the old one and loses it: answers how to
 * follow, with a link that is made while there is still somebody to ask. The window has its own way to the core and stays.
 */
export async function beforePortChange(client: Client): Promise<(port: number) => boolean> {
  if (window.gatehouse) return () => false
  const link = await client.console.create_url().catch(() => undefined)
  return (port) => {
    if (!link) return false
    const next = new URL(link.console_url)
    next.port = String(port)
    location.assign(next)
    return true
  }
}
