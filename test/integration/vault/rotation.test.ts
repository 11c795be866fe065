import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serveHttp } from '../../helpers/serve-http.ts'
import { startTestApp } from '../../helpers/start-app.ts'

/** Refuses everybody, and remembers with which credentials they came. */
async function startWitness() {
  const seen: (string | undefined)[] = []
  const origin = await serveHttp((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(503).end()
  })
  return { seen, url: `${origin}/mcp` }
}

test('a stored credential is used after a rotation, after a restart, and no more after a reset', async () => {
  const { seen, url } = await startWitness()
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const options = { dataDir, vault: { backend: 'key', key: randomBytes(32) }, connect: 'on_demand' } as const
  const app = await startTestApp(options)
  const client = app.client('http')
  await client.integrations.create({
    name: 'docs',
    mcp: { transport: 'http', server_url: url },
    auth_type: 'bearer',
    credentials: { api_token: 'canary-0f1e2d3c' },
  })
  const credentialSeenBy = async (tried: typeof client) => {
    seen.length = 0
    await tried.integrations.test({ name: 'docs' })
    return seen[0]
  }
  expect(await credentialSeenBy(client)).toBe('Bearer canary-0f1e2d3c')

  expect(await client.vault.rotate({})).toMatchObject({ state: 'ready', sealed_count: 1 })
  expect(await credentialSeenBy(client)).toBe('Bearer canary-0f1e2d3c')
  // Writes that were under way while it rotated are sealed with the key that counts.
  await Promise.all([
    client.vault.rotate({}),
    client.integrations.update({ name: 'docs', credentials: { api_token: 'canary-4b5a6978' } }),
    client.vault.rotate({}),
  ])
  await app.close()

  const again = await startTestApp(options)
  onTestFinished(() => again.close())
  const second = again.client('rpc')
  expect(await credentialSeenBy(second)).toBe('Bearer canary-4b5a6978')
  expect(await second.vault.lock()).toMatchObject({ state: 'locked' })
  await expect(second.integrations.test({ name: 'docs' })).rejects.toThrow('The vault is locked.')
  expect(await second.vault.unlock({})).toMatchObject({ state: 'ready' })
  expect(await credentialSeenBy(second)).toBe('Bearer canary-4b5a6978')

  await second.vault.reset({ confirm: 'delete all secrets' })
  expect((await second.integrations.get({ name: 'docs' })).credentials).toEqual({})
  expect(await credentialSeenBy(second)).toBeUndefined()
})
