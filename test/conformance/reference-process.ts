import { fileURLToPath } from 'node:url'
import { compiled, startServer } from '../integration/upstream/harness.ts'

const program = fileURLToPath(new URL('../servers/reference-server.ts', import.meta.url))

/** How to start the reference server over stdio. */
export const REFERENCE_COMMAND = { command: process.execPath, args: [program, 'stdio'], env: compiled() }

export interface ReferenceProcess {
  url: string
  close(): Promise<void>
}

/** The reference server over HTTP, in a process of its own. */
export async function startReferenceServer(): Promise<ReferenceProcess> {
  const { said: url, stop: close } = await startServer(process.execPath, [program, 'http'], {}, /http:\S+/)
  return { url, close }
}
