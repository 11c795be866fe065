import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CommandLine } from '../../helpers/command-line.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import { Harness } from '../upstream/harness.ts'

/** reliability.md, row 25: the gateway is ended with twenty servers, not all of which want to go. */

/** Traits of the servers (family-server.mjs): with relatives, in other groups, deaf to SIGTERM. */
const FAMILIES = ['', '', '', 'child', 'stubborn-child', 'session', 'stubborn-session', 'deaf', 'deaf,child', '']
const SERVERS = 20

let cli: CommandLine
const processes = new Harness()

beforeEach(async () => {
  cli = await CommandLine.create()
})
afterEach(() => cli.close())

it(`all of ${SERVERS} servers and what they started end with it, and the exit is 0`, { timeout: 240_000 }, async () => {
  const mcpServers = Object.fromEntries(
    Array.from({ length: SERVERS }, (_, index) => {
      const settings = processes.family(...(FAMILIES[index % FAMILIES.length] ?? '').split(','))
      return [`server-${index}`, settings]
    }),
  )
  const file = join(cli.dataDir, 'servers.json')
  await writeFile(file, JSON.stringify({ mcpServers }))
  const gateway = await cli.serve(['--config', file])
  const client = createHttpClient({ apiUrl: gateway.ready.api_url, token: gateway.ready.admin_token })
  const connected = async () => {
    const { items } = await client.integrations.list()
    return items.filter(({ connection }) => connection.state === 'connected').length
  }
  await expect.poll(connected, { timeout: 120_000, interval: 200 }).toBe(SERVERS)
  expect(processes.processes().length).toBeGreaterThan(SERVERS)

  const started = performance.now()
  expect((await gateway.stop('SIGTERM')).code).toBe(0)
  const seconds = (performance.now() - started) / 1_000
  expect(processes.processes()).toEqual([])
  console.log(`ended ${SERVERS} servers in ${seconds.toFixed(1)} s`)
})
