import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'

let app: TestApp | undefined
let dataDir: string | undefined
afterEach(async () => {
  await app?.close()
  if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const mcp = (url: string) => ({ transport: 'http' as const, server_url: url })

it('an integration does not lead back to the gateway, whose tools would multiply without end', async () => {
  app = await startTestApp({ allowedHosts: ['gate.example'] })
  const client = app.client()
  for (const host of ['127.0.0.1', 'LOCALHOST', '[::1]', '2130706433', 'gate.example']) {
    const url = `http://${host}:${new URL(app.urls.mcp_url).port}/mcp`
    await expect(client.integrations.create({ name: 'self', mcp: mcp(url) }), host).rejects.toMatchObject({
      code: 'invalid_input',
      data: { details: [{ path: 'mcp.server_url' }] },
    })
    await expect(client.integrations.test_draft({ mcp: mcp(url) }), host).rejects.toThrow()
    await expect(client.integrations.test_draft({ mcp: { server_url: url } }), `${host} over sse`).rejects.toThrow()
  }
  await client.integrations.create({ name: 'other', mcp: mcp('http://gate.example:1/mcp') })
  await expect(client.integrations.update({ name: 'other', mcp: mcp(app.urls.mcp_url) })).rejects.toMatchObject({
    code: 'invalid_input',
  })
})

it('nor does a stored one, when the gateway comes to listen at its address', async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-own-'))
  const options = { dataDir, vault: { backend: 'key' as const, key: randomBytes(32) } }
  const port = await freePort()
  app = await startTestApp(options)
  await app.client().integrations.create({ name: 'self', mcp: mcp(`http://127.0.0.1:${port}/mcp`) })
  await app.close()
  app = await startTestApp({ ...options, port })
  const client = app.client()
  const error = async () => (await client.integrations.get({ name: 'self' })).connection.error?.message
  await expect.poll(error).toMatch(/this gateway itself/)
})
