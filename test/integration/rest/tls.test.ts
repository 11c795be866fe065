import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { probeRest } from '../../../src/main/rest/probe-rest.ts'
import { RestSettings } from '../../../src/shared/contract/integrations.ts'
import type { RestToolInput } from '../../../src/shared/contract/rest.ts'
import { NO_SECRETS, serveRest } from './rest-harness.ts'

const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url), 'utf8')
const ca = pem('authority')
const tools: RestToolInput[] = [{ name: 'get', method: 'GET', path: '/x' }]

interface Peer {
  subject?: { CN: string }
}

async function serveTls(options: ServerOptions = {}): Promise<string> {
  const server = createServer({ cert: pem('server'), key: pem('server-key'), ...options }, (request, response) => {
    const { subject } = (request as { socket: object } as { socket: TLSSocket }).socket.getPeerCertificate() as Peer
    response.end(`hello ${subject?.CN ?? 'nobody'}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const mutual = { ca, requestCert: true, rejectUnauthorized: true }
const call = (rest: Record<string, unknown> & { base_url: string }, tlsKey?: string) =>
  serveRest({ tools, retries: 0, ...rest }, tlsKey === undefined ? {} : { tlsKey }).call('get')

describe('an API behind TLS', () => {
  it('is reached by an authority of its own', async () => {
    expect((await call({ base_url: await serveTls(), ca })).text).toBe('hello nobody')
  })

  it('of an unknown authority is not reached', async () => {
    await expect(call({ base_url: await serveTls() })).rejects.toMatchObject({
      message: expect.stringContaining('is not signed by an authority') as string,
      details: [{ path: 'rest.ca' }],
    })
  })

  it('is shown the client certificate', async () => {
    const settings = { base_url: await serveTls(mutual), ca, client_certificate: pem('client') }
    expect((await call(settings, pem('client-key'))).text).toBe('hello client')
  })

  it('that wants a client certificate says so', async () => {
    await expect(call({ base_url: await serveTls(mutual), ca })).rejects.toThrow('want a client certificate')
  })

  it.each([
    ['credentials.tls_key', { client_certificate: pem('client') }, undefined],
    ['credentials.tls_key', { client_certificate: pem('client') }, pem('server-key')],
    [
      'credentials.tls_key',
      { client_certificate: pem('client') },
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
    ],
    [
      'rest.client_certificate',
      { client_certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'k',
    ],
    ['rest.ca', { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, undefined],
  ])('names %s where it can not be used', async (path, settings, key) => {
    await expect(call({ base_url: 'https://127.0.0.1:9', ...settings }, key)).rejects.toMatchObject({
      details: [{ path }],
    })
  })
})

describe('a test of a REST API', () => {
  const probe = async (rest: Record<string, unknown>) => {
    const options = { connectTimeoutMs: 2_000, signal: AbortSignal.timeout(10_000) }
    const steps = probeRest({ rest: RestSettings.parse({ tools, ...rest }), secrets: () => NO_SECRETS }, options)
    const told: string[] = []
    for (;;) {
      const next = await steps.next()
      if (next.done === true) return { told, result: next.value }
      told.push(`${next.value.step} ${next.value.state}`)
    }
  }

  it('tells its steps, and how the base URL answers', async () => {
    const { told, result } = await probe({ base_url: await serveTls(), ca })
    expect(told).toStrictEqual([
      'resolve running',
      'resolve ok',
      'connect running',
      'connect ok',
      'list running',
      'list ok',
    ])
    expect(result).toMatchObject({ ok: true, tool_count: 1, tool_names: ['get'], error: null })
    expect(result.message).toMatch(/^127\.0\.0\.1:\d+ answers 200 OK\. 1 tool ready after/)
  })

  it('names the field that is at fault', async () => {
    const { told, result } = await probe({ base_url: await serveTls() })
    expect(told.at(-1)).toBe('connect failed')
    expect(result).toMatchObject({ ok: false, error: { code: 'upstream_unavailable', field: 'rest.ca' } })
    const { result: absent } = await probe({ base_url: 'http://127.0.0.1:9' })
    expect(absent).toMatchObject({ ok: false, error: { field: 'rest.base_url' } })
    const { result: unknown } = await probe({ base_url: 'http://nothing.invalid' })
    expect(unknown).toMatchObject({ ok: false, error: { field: 'rest.base_url' } })
  })
})
