import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { OutputLine } from '../../../src/shared/contract/integrations.ts'
import { doors, startTestApp, type TestApp } from '../../helpers/start-app.ts'

const server = fileURLToPath(new URL('../../servers/family-server.mjs', import.meta.url))
const secret = 'sk-of-this-integration-0123456789'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
  const mcp = { transport: 'stdio' as const, command: process.execPath, args: [server, ''], env: {} }
  await app.client().integrations.create({ name: 'family', mcp, credentials: { env: { KEY: secret } } })
  await vi.waitUntil(
    async () => (await app.client().integrations.get({ name: 'family' })).connection.tool_count === 1,
    {
      timeout: 20_000,
    },
  )
})
afterAll(() => app.close())

async function say(text: string): Promise<void> {
  await app.client().tools.call({ name: 'family__tool_0', arguments: { lines: 1, text } })
}

async function outputThrough(door: (typeof doors)[number]): Promise<OutputLine[]> {
  return (await app.client(door).integrations.output({ name: 'family' })).items
}

describe.each(doors)('through %s', (door) => {
  it('the output is told, without secrets', async () => {
    await say(`hello ${door}, the key is ${secret}`)
    const masked = `hello ${door}, the key is [redacted]`
    const lines = await vi.waitUntil(async () => {
      const output = await outputThrough(door)
      return output.some(({ text }) => text === masked) && output
    })
    expect(lines[0]).toMatchObject({ seq: 0, kind: 'event' })
    expect(lines.at(-1)).toMatchObject({ kind: 'stderr', text: masked })
    expect(JSON.stringify(lines)).not.toContain(secret)
  })

  it('the usage of its process is told', async () => {
    const usage = await app.client(door).integrations.process({ name: 'family' })
    expect(usage).toMatchObject({ process_count: 1 })
    expect(usage?.memory_bytes).toBeGreaterThan(10 * 1024 * 1024)
  })
})

// HTTP streams are read by fetch: doors.test.ts.
describe.each(['router', 'port', 'rpc'] as const)('followed through %s', (door) => {
  it('it is told from a line on, as it comes, until nobody listens any more', async () => {
    const before = (await outputThrough(door)).at(-1)?.seq ?? -1
    const stream = await app.client(door).integrations.follow_output({ name: 'family', after: before - 1 })
    const first = await stream.next()
    expect((first.value as OutputLine[]).map(({ seq }) => seq)).toEqual([before])
    const next = stream.next()
    await say(`news for ${door}`)
    expect((await next).value).toMatchObject([{ seq: before + 1, kind: 'stderr', text: `news for ${door}` }])
    await stream.return(undefined)
    expect((await stream.next()).done).toBe(true)
  })

  it('it ends when the integration is removed', async () => {
    const client = app.client(door)
    const mcp = { transport: 'stdio' as const, command: process.execPath, args: [server, ''], env: {} }
    await client.integrations.create({ name: 'short-lived', mcp })
    const stream = await client.integrations.follow_output({ name: 'short-lived' })
    const over = (async () => {
      for await (const batch of stream) expect(batch).not.toEqual([])
    })()
    await client.integrations.remove({ name: 'short-lived' })
    await over
  })
})

it('one that is disabled keeps its output and has no process; an unknown one is an error', async () => {
  const client = app.client('http')
  await client.integrations.disable({ name: 'family' })
  expect(await client.integrations.process({ name: 'family' })).toBeNull()
  const { items } = await client.integrations.output({ name: 'family' })
  expect(items.map(({ text }) => text)).toContain('Stopped.')
  await expect(client.integrations.output({ name: 'unknown' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(app.client().integrations.follow_output({ name: 'unknown' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(client.integrations.process({ name: 'unknown' })).rejects.toMatchObject({ code: 'not_found' })
})
