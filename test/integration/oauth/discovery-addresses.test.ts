import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  oauthFetch,
  oauthFetchFor,
  type OAuthExchange,
  type OAuthFetchOptions,
} from '../../../src/main/oauth/oauth-fetch.ts'
import { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import { serveCounted as serve } from '../../helpers/serve-http.ts'

const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url), 'utf8')
const sink = () => serve((_request, response) => response.end('reached'))
const get = { method: 'GET', headers: { accept: 'application/json' } }

/** Every name leads to these addresses. */
const resolver =
  (...addresses: string[]): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

async function textOf(url: string, options: Partial<OAuthFetchOptions> = {}): Promise<string> {
  return (await oauthFetch({ privateOrigins: [], ...options })(url, get)).text()
}

/** A server with the certificate of `mcp.example`, on loopback. */
async function serveTls() {
  const server = createTlsServer({ cert: pem('certificate'), key: pem('key') }, (_request, response) =>
    response.end('secure'),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const inside = (port: number) => [
  `127.0.0.1:${port}`,
  `127.1:${port}`,
  `0x7f.1:${port}`,
  `2130706433:${port}`,
  `0:${port}`,
  `[::1]:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `localhost:${port}`,
  '10.0.0.1',
  '192.168.1.1',
  '[fd12::1]',
  '169.254.169.254',
  '[fe80::1]',
]

describe('an address that a server of the internet names', () => {
  const own = new URL('https://203.0.113.1/mcp')

  it('is not asked where it is inside, in any notation', async () => {
    const { port, connections } = await sink()
    for (const host of inside(port)) {
      for (const scheme of ['http', 'https']) {
        const asking = textOf(`${scheme}://${host}/`, { own, privateOrigins: [own.origin] })
        await expect(asking, `${scheme}://${host}`).rejects.toMatchObject({ reason: 'refused_address' })
      }
    }
    expect(connections()).toBe(0)
  })

  it('is not asked where a name resolves to it, with a POST neither', async () => {
    const { port, connections } = await sink()
    for (const address of ['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1']) {
      const fetch = oauthFetch({ own, privateOrigins: [own.origin], lookup: resolver(address) })
      const url = `https://auth.example:${port}/token`
      await expect(fetch(url, get), address).rejects.toMatchObject({ reason: 'refused_address' })
      const body = new URLSearchParams({ grant_type: 'refresh_token' })
      await expect(fetch(url, { method: 'POST', headers: {}, body })).rejects.toMatchObject({
        reason: 'refused_address',
        fix: expect.stringContaining('type its address') as string,
      })
    }
    expect(connections()).toBe(0)
  })

  it('is not asked without https, although it is one of the internet', async () => {
    const asking = textOf('http://auth.example/', {
      own,
      privateOrigins: ['http://auth.example'],
      lookup: resolver('1.1.1.1'),
    })
    await expect(asking).rejects.toMatchObject({
      reason: 'refused_address',
      fix: expect.stringContaining('https') as string,
    })
  })

  it('is not asked behind a redirect', async () => {
    const { port, connections } = await sink()
    const { origin } = await serve((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end(),
    )
    await expect(textOf(origin, { own, privateOrigins: [origin] })).rejects.toMatchObject({ reason: 'refused_address' })
    expect(connections()).toBe(0)
  })

  it.each(['file:///etc/passwd', 'ftp://a.example/', 'https://ann:secret@a.example/'])(
    'is not asked: %s',
    async (url) => {
      const refused = textOf(url, { own, privateOrigins: [new URL(url).origin] })
      await expect(refused).rejects.toMatchObject({ reason: 'refused_address' })
      await expect(refused).rejects.not.toThrow(/secret|passwd/)
    },
  )
})

describe('an address inside', () => {
  it('is asked where an admin typed it, and nowhere else', async () => {
    const issuer = await sink()
    const other = await sink()
    const settings = OAuthSettings.parse({ issuer: issuer.origin })
    const fetch = oauthFetchFor({ url: new URL('https://203.0.113.1/mcp'), settings })
    expect(await (await fetch(`${issuer.origin}/x`, get)).text()).toBe('reached')
    await expect(fetch(other.origin, get)).rejects.toMatchObject({ reason: 'refused_address' })
    expect(other.connections()).toBe(0)
  })

  it.each(['http://127.0.0.1:1/mcp', 'http://localhost:1/mcp', 'http://[::1]:1/mcp'])(
    'is asked where the own server is on this machine: %s',
    async (url) => {
      const { origin } = await sink()
      const exchanges: OAuthExchange[] = []
      const onExchange = (exchange: OAuthExchange) => exchanges.push(exchange)
      expect(await textOf(origin, { own: new URL(url), onExchange })).toBe('reached')
      expect(exchanges.map(({ status }) => status)).toEqual([200])
      await expect(textOf('https://169.254.169.254/', { own: new URL(url), onExchange })).rejects.toThrow(/refused/)
      expect(exchanges.map(({ status }) => status)).toEqual([200, undefined])
    },
  )

  it('is not asked on this machine where the own server is elsewhere in the network', async () => {
    const { origin, connections } = await sink()
    for (const own of ['https://10.0.0.5/mcp', 'http://192.168.1.5/mcp', 'https://[fd12::5]/mcp']) {
      await expect(textOf(origin, { own: new URL(own), privateOrigins: [new URL(own).origin] })).rejects.toMatchObject({
        reason: 'refused_address',
      })
    }
    expect(connections()).toBe(0)
  })

  it('is asked in the network where the own server is there or here, but no link-local one', async () => {
    for (const own of ['https://10.0.0.5/mcp', 'http://127.0.0.1:1/mcp']) {
      // Nobody has to be there: what counts is that it is tried.
      const reach = (address: string) =>
        textOf('https://sso.corp.example:1/', { own: new URL(own), lookup: resolver(address), timeoutMs: 300 })
      await expect(reach('192.168.255.254')).rejects.toMatchObject({ reason: 'unreachable' })
      await expect(reach('169.254.169.254')).rejects.toMatchObject({ reason: 'refused_address' })
      await expect(reach('100.100.100.200')).rejects.toMatchObject({ reason: 'refused_address' })
    }
  })
})

describe('the place of an own server with a name', () => {
  beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), pem('certificate')]))

  it('is where it shows its certificate', async () => {
    const { origin } = await sink()
    const own = new URL(`https://mcp.example:${await serveTls()}/mcp`)
    expect(await textOf(origin, { own, lookup: resolver('127.0.0.1') })).toBe('reached')
  })

  it('is not where its name leads without a certificate for it', async () => {
    const { origin, connections } = await sink()
    const secure = await serveTls()
    const plain = await sink()
    for (const own of [
      `https://evil.example:${secure}/mcp`,
      `https://mcp.example:${plain.port}/mcp`,
      `http://mcp.example:${plain.port}/mcp`,
    ]) {
      const asking = textOf(origin, { own: new URL(own), lookup: resolver('127.0.0.1'), timeoutMs: 5_000 })
      await expect(asking, own).rejects.toMatchObject({ reason: 'refused_address' })
    }
    expect(connections()).toBe(0)
  })
})

describe('a request', () => {
  it('goes along three redirects, without credentials for another origin', async () => {
    const seen: (string | undefined)[] = []
    const last = await serve(({ headers }, response) => {
      seen.push(headers.authorization)
      response.end('there')
    })
    const first = await serve(({ url = '/', headers }, response) => {
      seen.push(headers.authorization)
      const left = Number(url.slice(1))
      response.writeHead(302, { location: left === 1 ? last.origin : `/${left - 1}` }).end()
    })
    const fetch = oauthFetch({ privateOrigins: [first.origin, last.origin] })
    const request = { ...get, headers: { authorization: 'Bearer canary' } }
    expect(await (await fetch(`${first.origin}/3`, request)).text()).toBe('there')
    expect(seen).toEqual(['Bearer canary', 'Bearer canary', 'Bearer canary', undefined])
    await expect(fetch(`${first.origin}/4`, request)).rejects.toMatchObject({ reason: 'invalid_answer' })
  })

  it('with a body goes along none', async () => {
    const elsewhere = await sink()
    const { origin } = await serve((_request, response) =>
      response.writeHead(307, { location: elsewhere.origin }).end('moved'),
    )
    const fetch = oauthFetch({ privateOrigins: [origin, elsewhere.origin] })
    const body = new URLSearchParams({ code: 'canary' })
    expect((await fetch(origin, { method: 'POST', headers: {}, body })).status).toBe(307)
    expect(elsewhere.connections()).toBe(0)
  })

  it('sends a form, and gives the answer with its status and headers', async () => {
    const { origin } = await serve((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.writeHead(400, { 'content-type': 'application/json', 'www-authenticate': ['Basic', 'Bearer'] })
        response.end(
          JSON.stringify([request.method, request.headers['content-type'], Buffer.concat(chunks).toString()]),
        )
      })
    })
    const exchanges: OAuthExchange[] = []
    const fetch = oauthFetch({ privateOrigins: [origin], onExchange: (exchange) => exchanges.push(exchange) })
    const answer = await fetch(origin, { method: 'POST', headers: {}, body: new URLSearchParams({ a: 'b c' }) })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('www-authenticate')).toBe('Basic, Bearer')
    expect(await answer.json()).toEqual(['POST', expect.stringContaining('x-www-form-urlencoded'), 'a=b+c'])
    expect(exchanges).toMatchObject([{ method: 'POST', requestBody: 'a=b+c', status: 400, error: undefined }])
    expect(exchanges[0]?.responseBody).toContain('POST')
  })

  it('has no answer that is too long, never ends or never comes', async () => {
    const huge = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    })
    const half = await serve((_request, response) => void response.write('half'))
    const options = { privateOrigins: [huge.origin, half.origin], timeoutMs: 20_000 }
    await expect(textOf(huge.origin, options)).rejects.toMatchObject({ reason: 'invalid_answer' })
    await expect(textOf(half.origin, { ...options, timeoutMs: 100 })).rejects.toMatchObject({ reason: 'unreachable' })
    const nobody = await sink()
    await expect(
      textOf(`http://127.0.0.1:1/${nobody.port}`, { privateOrigins: ['http://127.0.0.1:1'] }),
    ).rejects.toMatchObject({ reason: 'unreachable' })
  })

  it('does not wait for a stream of events', async () => {
    const { origin } = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n'),
    )
    expect(await textOf(origin, { privateOrigins: [origin] })).toBe('')
  })

  it('ends when its caller does not want it any more', async () => {
    const silent = await serve(() => undefined)
    const caller = new AbortController()
    const asking = textOf(silent.origin, { privateOrigins: [silent.origin], signal: caller.signal })
    caller.abort(new Error('not wanted any more'))
    await expect(asking).rejects.toThrow('not wanted any more')
  })
})
