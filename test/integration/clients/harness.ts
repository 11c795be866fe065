import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { clientById } from '../../../src/main/clients/known-clients.ts'
import type { Place } from '../../../src/main/clients/place.ts'
import type { ClientId } from '../../../src/shared/contract/clients.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

/** How to start `gatehouse` in these tests; nothing is started by it. */
export const launcher = { command: '/opt/gatehouse/node', args: ['/opt/gatehouse/bin/gatehouse.mjs'] }

/** The real app with a home folder of its own, in which clients keep their configurations. */
export class ClientsHarness {
  readonly app: TestApp
  readonly place: Place
  readonly #folder: string

  private constructor(app: TestApp, place: Place, folder: string) {
    this.app = app
    this.place = place
    this.#folder = folder
  }

  static async start(env: Record<string, string> = {}): Promise<ClientsHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-clients-'))
    const place: Place = { home: join(folder, 'home'), env, platform: 'linux' }
    await mkdir(place.home)
    return new ClientsHarness(await startTestApp({ place, launcher }), place, folder)
  }

  get client(): Client {
    return this.app.client()
  }

  path(id: ClientId): string {
    return clientById(id).configPath(this.place)
  }

  async write(id: ClientId, content: string | Buffer): Promise<void> {
    await mkdir(dirname(this.path(id)), { recursive: true })
    await writeFile(this.path(id), content)
  }

  async read(id: ClientId): Promise<string> {
    return await readFile(this.path(id), 'utf8')
  }

  async of(id: ClientId) {
    const { items } = await this.client.clients.list()
    const found = items.find((item) => item.id === id)
    if (!found) throw new Error(`${id} is not listed`)
    return found
  }

  async agentNames(): Promise<string[]> {
    return (await this.client.agents.list()).items.map(({ name }) => name)
  }

  async close(): Promise<void> {
    await this.app.close()
    await rm(this.#folder, { recursive: true })
  }
}
