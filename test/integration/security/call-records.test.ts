import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Call } from '../../../src/shared/contract/calls.ts'
import { startScriptedHttpServer, type ScriptedHttpServer } from '../../servers/scripted-http-server.ts'
import { filesWith } from '../../helpers/files-of.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

const TOKEN = 'canary-31c9-0123456789-abcdefghij-klmnopqrst'
/** So much of a secret is a leak. */
const PART = TOKEN.slice(0, 12)
const PASSWORD = 'canary-77ab-of-a-member'

let app: TestApp
let client: Client
let server: ScriptedHttpServer

beforeAll(async () => {
  server = await startScriptedHttpServer(({ arguments: { how }, headers }) => {
    const credential = headers.authorization ?? ''
    if (how === 'repeat') return `"error":{"code":-32000,"message":${JSON.stringify(`bad key ${credential}`)}}`
    if (how === 'at the cut') {
      return `"error":{"code":-32000,"message":${JSON.stringify(`${'x'.repeat(980)}${credential}`)}}`
    }
    if (how === 'half a code') return '"error":{"code":0.5,"message":"half"}'
    if (how === 'huge code') return '"error":{"code":1e300,"message":"huge"}'
    if (how === 'long') {
      const content = [{ type: 'text', text: 'y'.repeat(200_000) }]
      return `"result":${JSON.stringify({ structuredContent: { client_secret: PASSWORD, password: { it: [PASSWORD] } }, content })}`
    }
    return '"result":{"content":[]}'
  })
  app = await startTestApp()
  client = app.client()
  await client.integrations.create({
    name: 'scripted',
    mcp: { transport: 'http', server_url: server.url },
    auth_type: 'bearer',
    credentials: { api_token: TOKEN },
  })
  await vi.waitFor(() => client.tools.get({ gateway_name: 'scripted__speak' }))
})
afterAll(async () => {
  await app.close()
  await server.close()
})

async function speak(input: Record<string, unknown>): Promise<void> {
  await client.tools.call({ name: 'scripted__speak', arguments: input }).catch(() => undefined)
}

/** The newest calls, once so many more are there than `before`: they are told of after they were answered. */
async function newest(count: number, before = 0): Promise<Call[]> {
  return await vi.waitFor(async () => {
    const { items, total } = await client.calls.list({ limit: count })
    if (total < before + count) throw new Error(`there are only ${total} calls, ${total - before} of them new`)
    return items
  }, 5_000)
}

async function total(): Promise<number> {
  return (await client.calls.list({ limit: 1 })).total
}

describe('an integration that repeats its credential in an error', () => {
  it('gets it neither into the log nor to those who follow it', async () => {
    const leaving = new AbortController()
    const followed = await client.calls.follow({}, { signal: leaving.signal })
    const next = followed.next()
    await speak({ how: 'repeat' })

    const heard = JSON.stringify(await next)
    leaving.abort()
    expect(heard).toContain('bad key')
    expect(heard).not.toContain(PART)
    expect(JSON.stringify(await newest(1))).not.toContain(PART)
  })

  it('gets no part of it there where the error is cut', async () => {
    const before = await total()
    await speak({ how: 'at the cut' })
    const [call] = await newest(1, before)
    expect(call?.error?.message).toContain('xxxxx')
    expect(call?.error?.message).not.toContain(PART)
    expect(filesWith(app.dataDir, PART)).toEqual([])
  })
})

describe('an integration that answers with a code that is none', () => {
  it.each(['half a code', 'huge code'])('keeps no other call out of the log: %s', async (how) => {
    const before = await total()
    await Promise.all([speak({ how: 'well' }), speak({ how }), speak({ how: 'well' })])
    const items = await newest(3, before)
    expect(items.map(({ outcome }) => outcome).sort()).toEqual(['error', 'ok', 'ok'])
    expect((await client.system.status()).dropped_calls).toBe(0)
  })
})

describe('what is recorded of a call', () => {
  it('has no value of a member with a telling name, however long the text is', async () => {
    await client.settings.update({ record_bodies: true })
    const before = await total()
    await speak({
      how: 'long',
      api_key: PASSWORD,
      nested: { password: { first: PASSWORD } },
      more: 'z'.repeat(200_000),
    })
    const [call] = await newest(1, before)
    const { request, response, truncated } = await client.calls.get({ id: call?.id ?? '' })
    expect(truncated).toBe(true)
    expect(request).toContain('zzzzz')
    expect(response).toContain('yyyyy')
    expect(request).not.toContain(PASSWORD)
    expect(response).not.toContain(PASSWORD)
  })

  it('is gone from the disk when the log is emptied', async () => {
    await client.settings.update({ record_bodies: true })
    const before = await total()
    await speak({ how: 'well', note: 'canary-90d1-a-note' })
    await newest(1, before)
    expect(filesWith(app.dataDir, 'canary-90d1-a-note')).not.toEqual([])
    await client.calls.clear()
    expect(filesWith(app.dataDir, 'canary-90d1-a-note')).toEqual([])
  })
})
