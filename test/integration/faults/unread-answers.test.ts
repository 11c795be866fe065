import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import {
  fakeUpstream,
  modern,
  result,
  served,
  startGateway,
  toolsNamed,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'

const MIB = 1024 * 1024

let gateway: TestGateway
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await gateway.close()
})

/** Sends a call on a connection of its own, and reads nothing. */
function callWithoutReading(): Socket {
  const { body, headers } = modern('tools/call', { name: 'files__read' })
  const text = JSON.stringify(body)
  const lines = Object.entries({
    ...headers,
    Host: `127.0.0.1:${gateway.port}`,
    Authorization: 'Bearer token-one',
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'Content-Length': String(Buffer.byteLength(text)),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(gateway.port, '127.0.0.1').on('error', () => undefined)
  sockets.push(socket)
  socket.pause()
  socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n${text}`)
  return socket
}

it('an agent that does not read its answers loses the next ones, and no other agent does', async () => {
  const large = result(JSON.stringify({ content: [{ type: 'text', text: 'x'.repeat(16 * MIB) }] }))
  const upstream = fakeUpstream('files', toolsNamed('read'), { answer: () => large })
  gateway = await startGateway([served(upstream)], { limits: { unreadBytes: 20 * MIB } })
  const { body, headers } = modern('tools/call', { name: 'files__read' })

  const first = callWithoutReading()
  await expect.poll(() => gateway.calls.length).toBe(1)
  const second = callWithoutReading()
  second.resume()
  await once(second, 'close')
  expect(second.bytesRead).toBeLessThan(16 * MIB)

  const other = await gateway.post(body, { headers, token: 'token-two' })
  expect(other.text.length).toBeGreaterThan(16 * MIB)

  // What it reads makes room again.
  first.resume()
  await expect.poll(() => first.bytesRead).toBeGreaterThan(16 * MIB)
  expect((await gateway.post(body, { headers })).text.length).toBeGreaterThan(16 * MIB)
})
