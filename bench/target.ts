import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Ready, Usage } from './targets/ready.ts'
import { ThinClient } from './thin-client.ts'

export const TARGETS = ['direct-http', 'floor', 'floor-gateway', 'gatehouse'] as const
export type TargetName = (typeof TARGETS)[number]

const FILES: Record<TargetName, URL> = {
  'direct-http': new URL('targets/direct-http.ts', import.meta.url),
  floor: new URL('targets/floor.ts', import.meta.url),
  'floor-gateway': new URL('targets/floor-gateway.ts', import.meta.url),
  gatehouse: new URL('targets/gatehouse.ts', import.meta.url),
}

/** One target in a process of its own, and a client that is connected to it. */
export class Target {
  readonly name: TargetName
  readonly client: ThinClient
  readonly session: string
  readonly #child: ChildProcess

  private constructor(name: TargetName, child: ChildProcess, client: ThinClient, session: string) {
    this.name = name
    this.client = client
    this.session = session
    this.#child = child
  }

  static async start(name: TargetName, tools: number, connections: number): Promise<Target> {
    const child = fork(fileURLToPath(FILES[name]), [String(tools)])
    const [message] = (await once(child, 'message')) as [Ready]
    const client = new ThinClient(message.ready, connections)
    return new Target(name, child, client, await client.open())
  }

  async usage(): Promise<Usage['usage']> {
    this.#child.send('usage')
    const [message] = (await once(this.#child, 'message')) as [Usage]
    return message.usage
  }

  async stop(): Promise<void> {
    await this.client.close()
    this.#child.disconnect()
    await once(this.#child, 'exit')
  }
}
