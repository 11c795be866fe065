import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../servers/reference-server.ts', import.meta.url))

/** How to start the reference server over stdio. */
export const REFERENCE_COMMAND = { command: process.execPath, args: [program, 'stdio'] }

export interface ReferenceProcess {
  url: string
  close(): Promise<void>
}

/** The reference server over HTTP, in a process of its own. */
export async function startReferenceServer(): Promise<ReferenceProcess> {
  const child = spawn(process.execPath, [program, 'http'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const [url] = (await Promise.race([once(createInterface(child.stdout), 'line'), exit])) as [unknown]
  if (typeof url !== 'string') throw new Error('The reference server has not started')
  return {
    url,
    close: async () => {
      child.kill()
      await exit
    },
  }
}
