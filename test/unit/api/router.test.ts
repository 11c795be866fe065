import { createRouterClient, isDefinedError, safe } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { createRouter } from '../../../src/main/api/router.ts'
import type { ApiServices } from '../../../src/main/api/services.ts'
import { AppError } from '../../../src/main/base/app-error.ts'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { fakeServices, weather } from '../../helpers/fake-services.ts'

function clientOf(replaced: Partial<ApiServices> = {}, workspace = 'default') {
  const logged: Record<string, unknown>[] = []
  const router = createRouter(fakeServices(replaced), { error: (fields) => logged.push(fields) })
  return { client: createRouterClient(router, { context: { workspace, actor: 'api', requestId: 'r-1' } }), logged }
}

async function errorOf(promise: Promise<unknown>) {
  const { error } = await safe(promise)
  if (!isDefinedError(error)) throw new Error(`not a declared error: ${String(error)}`)
  return error as { code: string; status: number; message: string; data: { details: unknown[] } }
}

describe('router', () => {
  it('answers lists with their cursor', async () => {
    const { client } = clientOf()
    expect(await client.integrations.list()).toEqual({ items: [weather], next_cursor: null })
  })

  it('turns an AppError into a declared error with its status, message and details', async () => {
    const { client, logged } = clientOf({
      integrations: {
        ...fakeServices().integrations,
        create: () => {
          throw new AppError('name_taken', {
            message: 'Taken.',
            details: [{ path: 'name', message: 'Choose another.' }],
          })
        },
      },
    })
    const input = { name: 'weather', mcp: { transport: 'http', server_url: 'https://weather.example' } } as const
    expect(await errorOf(client.integrations.create(input))).toMatchObject({
      code: 'name_taken',
      status: 409,
      message: 'Taken.',
      data: { details: [{ path: 'name', message: 'Choose another.' }] },
    })
    expect(logged).toEqual([])
  })

  it('says nothing of an unknown fault but the id under which it was logged', async () => {
    const fault = new Error('select from /home/alice/secret.db')
    const { client, logged } = clientOf({
      vault: { ...fakeServices().vault, state: () => Promise.reject(fault) },
    })
    const error = await errorOf(client.vault.get())
    expect(error).toMatchObject({ code: 'internal', status: 500 })
    expect(error.message).toContain('r-1')
    expect(JSON.stringify(error)).not.toContain('alice')
    expect(logged).toEqual([{ request_id: 'r-1', operation: 'vault.get', err: fault }])
  })

  it('answers an output that breaks the contract with an internal error, never with the output', async () => {
    const leaky = { ...weather, connection: { ...weather.connection, state: 'who-knows' } } as unknown as typeof weather
    const { client, logged } = clientOf({ integrations: { ...fakeServices().integrations, get: () => leaky } })
    expect(await errorOf(client.integrations.get({ name: 'weather' }))).toMatchObject({ code: 'internal' })
    expect(logged).toHaveLength(1)
  })

  it('drops output fields that the contract does not name', async () => {
    const leaky = { ...weather, token: 'plain' } as typeof weather
    const { client } = clientOf({ integrations: { ...fakeServices().integrations, get: () => leaky } })
    expect(await client.integrations.get({ name: 'weather' })).toEqual(weather)
  })

  it('answers 404 for a workspace that does not exist, whatever was asked', async () => {
    const { client } = clientOf({}, 'nowhere')
    expect(await errorOf(client.integrations.list())).toMatchObject({ code: 'not_found', status: 404 })
    expect(await errorOf(client.vault.get())).toMatchObject({ code: 'not_found', status: 404 })
  })

  it.each([
    ['a slug with capitals', { name: 'Weather' }, 'name', /lowercase/],
    ['a slug of 41 characters', { name: 'a'.repeat(41) }, 'name', /at most 40/],
    ['a missing slug', { name: undefined }, 'name', /required/],
    [
      'an address that is not http',
      { mcp: { transport: 'http', server_url: 'ftp://x' } },
      'mcp.server_url',
      /full URL/,
    ],
    ['an unknown transport', { mcp: { transport: 'pigeon' } }, 'mcp.transport', /./],
    [
      'a header name with a space',
      { mcp: { transport: 'http', server_url: 'https://x.example', headers: { 'a b': '1' } } },
      'mcp.headers.a b',
      /header name/,
    ],
    ['a token with a line break', { credentials: { api_token: 'a\nb' } }, 'credentials.api_token', /line breaks/],
    ['a logo that is not a URL', { logo_url: 'logo.png' }, 'logo_url', /full URL/],
    ['an unknown field', { colour: 'red' }, 'colour', /no such field/],
  ])('names the field of %s', async (_what, fields, path, message) => {
    const { client } = clientOf()
    const input = { name: 'weather', mcp: { transport: 'http', server_url: 'https://weather.example' }, ...fields }
    const error = await errorOf(client.integrations.create(input as Parameters<typeof client.integrations.create>[0]))
    expect(error).toMatchObject({ code: 'invalid_input', status: 422 })
    expect(error.data.details).toContainEqual({ path, message: expect.stringMatching(message) as string })
  })

  it('hears what changes between the call and the first read', async () => {
    const emitter = new Emitter()
    const { client } = clientOf({ events: emitter })
    const stream = await client.system.stream()
    emitter.emit('default', { type: 'resync' })
    expect(await stream.next()).toMatchObject({ value: { type: 'resync' } })
    emitter.close()
    expect(await stream.next()).toMatchObject({ done: true })
  })

  it.each(['by its signal', 'by return, read or not'])(
    'ends the stream of changes when its reader leaves %s',
    async (way) => {
      const emitter = new Emitter()
      let subscription: AsyncIterableIterator<unknown> | undefined
      const { client } = clientOf({
        events: { subscribe: (workspace, signal) => (subscription = emitter.subscribe(workspace, signal)) },
      })
      const abort = new AbortController()
      const stream = await client.system.stream(undefined, { signal: abort.signal })
      if (way === 'by its signal') {
        const reading = stream.next()
        abort.abort()
        expect(await reading).toMatchObject({ done: true })
      } else {
        await stream.return(undefined)
      }
      expect(await subscription?.next()).toEqual({ done: true, value: undefined })
    },
  )

  it('translates a fault in the middle of a stream', async () => {
    const { client, logged } = clientOf({
      events: {
        async *subscribe() {
          yield await Promise.resolve({ type: 'resync' as const })
          throw new Error('/secret/path')
        },
      },
    })
    const stream = await client.system.stream()
    await stream.next()
    expect(await errorOf(Promise.resolve(stream.next()))).toMatchObject({ code: 'internal' })
    expect(logged).toHaveLength(1)
  })
})
