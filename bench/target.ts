import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { compiledFile } from './compile.ts'
import { GatehouseFolder, startGatehouse, type StartedGatehouse } from './gatehouse.ts'
import type { Ready } from './targets/ready.ts'
import type { Usage } from './targets/usage.ts'
import { PEERS, startPeer, type PeerName } from './peers.ts'
import { ThinClient } from './thin-client.ts'

const OWN_TARGETS = ['direct-http', 'floor', 'floor-gateway', 'gatehouse'] as const
export const TARGETS = [...OWN_TARGETS, ...PEERS]
export type TargetName = (typeof TARGETS)[number]

const CONNECTIONS = 64

/** One target in a process of its own, and a client that is connected to it. */
export class Target {
  readonly name: TargetName
  readonly client: ThinClient
  readonly session: string
  readonly #child: ChildProcess
  readonly #folder: GatehouseFolder | undefined

  private constructor(
    name: TargetName,
    child: ChildProcess,
    client: ThinClient,
    session: string,
    folder: GatehouseFolder | undefined,
  ) {
    this.name = name
    this.#child = child
    this.client = client
    this.session = session
    this.#folder = folder
  }

  /** Ready with the first full list. `integrations`: how many the gateway has; the others have one server behind them. */
  static async start(name: TargetName, tools: number, integrations = 1): Promise<Target> {
    const folder = name === 'gatehouse' ? new GatehouseFolder(integrations, tools) : undefined
    const { child, ready } = folder ? await startFilled(folder, tools * integrations) : await startTarget(name, tools)
    const client = new ThinClient(ready, CONNECTIONS)
    const session = await client.open()
    await client.waitForList(session, tools * (folder ? integrations : 1))
    return new Target(name, child, client, session, folder)
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
    this.#folder?.remove()
  }
}

async function startTarget(name: TargetName, tools: number): Promise<{ child: ChildProcess; ready: Ready['ready'] }> {
  if (isPeer(name)) return startPeer(name, tools)
  const child = fork(compiledFile(`targets/${name}.ts`), [String(tools)])
  const [{ ready }] = (await once(child, 'message')) as [Ready]
  return { child, ready }
}

const isPeer = (name: TargetName): name is PeerName => PEERS.some((peer) => peer === name)

/** As it is started every day: with what an earlier start was given. */
async function startFilled(folder: GatehouseFolder, tools: number): Promise<StartedGatehouse> {
  const first = await startGatehouse(folder, true)
  const client = new ThinClient(first.ready, 1)
  await client.waitForList(await client.open(), tools)
  await client.close()
  first.child.kill('SIGTERM')
  await once(first.child, 'exit')
  return startGatehouse(folder, false)
}

/** Starts all of them, with `peers` also other gateways, has `use` use them, and stops them. */
export async function withTargets(
  tools: number,
  use: (targets: readonly Target[]) => Promise<void>,
  { integrations = 1, peers = false } = {},
): Promise<void> {
  const targets: Target[] = []
  try {
    for (const name of peers ? TARGETS : OWN_TARGETS) targets.push(await Target.start(name, tools, integrations))
    await use(targets)
  } finally {
    await Promise.all(targets.map((target) => target.stop()))
  }
}
