import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { mostConnections } from '../../../src/main/http/most-connections.ts'
import { HttpServer } from '../../../src/main/http/server.ts'
import { CommandLine } from '../../helpers/command-line.ts'
import { log } from '../../helpers/gateway-fixture.ts'

const open: Socket[] = []
const ending: (() => Promise<void>)[] = []

afterEach(async () => {
  closeAll()
  for (const end of ending.splice(0)) await end()
})

async function hold(port: number, count: number): Promise<void> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').on('error', () => undefined))
  open.push(...sockets)
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
}

function closeAll(): void {
  for (const socket of open.splice(0)) socket.destroy()
}

/** The status of `/healthz` on a new connection; 0 where it was closed without one. */
async function health(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
  let answer = ''
  socket.on('data', (data) => (answer += data.toString()))
  await new Promise((resolve) => socket.once('close', resolve))
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)
}

describe('more connections than are served', () => {
  it('are told so with 503, and served again when others have gone', async () => {
    const doors = [{ handle: () => Promise.resolve(false) }]
    const server = new HttpServer({ host: '127.0.0.1', port: 0, allowedHosts: [], doors, maxConnections: 5, log })
    const port = await server.listen()
    ending.push(() => server.close(0))
    await hold(port, 4)
    expect(await health(port)).toBe(200)
    await hold(port, 1)
    expect(await health(port)).toBe(503)
    closeAll()
    await expect.poll(() => health(port)).toBe(200)
  })
})

describe('how many are served', () => {
  it('leaves half of the files that may be open to databases and servers', () => {
    expect([256, 1_048_576, 20, Infinity].map(mostConnections)).toEqual([128, 4_096, 16, 4_096])
  })
})

describe.skipIf(process.platform !== 'linux')('a gateway that may have 256 files open', () => {
  it('survives three hundred connections, and serves when they have gone', { timeout: 120_000 }, async () => {
    const cli = await CommandLine.create()
    ending.push(() => cli.close())
    const { command, args, env } = cli.command(['serve', '--port', '0', '--json'])
    const child = spawn('sh', ['-c', 'ulimit -n 256; exec "$0" "$@"', command, ...args], { env })
    ending.unshift(async () => {
      if (child.exitCode !== null) return
      child.kill()
      await once(child, 'exit')
    })
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { mcp_url, admin_token, api_url } = JSON.parse(line) as Record<'mcp_url' | 'admin_token' | 'api_url', string>
    const port = Number(new URL(mcp_url).port)
    await hold(port, 300)
    // The system may still be taking them in: some of the new ones are told so, others are closed at once.
    await expect.poll(() => health(port), { timeout: 30_000 }).not.toBe(200)
    expect(child.exitCode).toBeNull()
    closeAll()
    await expect.poll(() => health(port), { timeout: 30_000 }).toBe(200)
    // Its databases had files enough all the time.
    const headers = { authorization: `Bearer ${admin_token}` }
    expect((await fetch(`${api_url}/settings`, { headers })).status).toBe(200)
  })
})
