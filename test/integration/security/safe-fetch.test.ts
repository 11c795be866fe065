import { once } from 'node:events'
import { createServer as createSocketServer, type AddressInfo, type LookupFunction } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { safeFetch, type SafeFetchOptions } from '../../../src/main/base/safe-fetch.ts'
import { serveCounted as serve } from '../../helpers/serve-http.ts'

const defaults: SafeFetchOptions = { maxBytes: 1_000, timeoutMs: 10_000, accept: 'image/*' }

async function fetchText(url: string, options: Partial<SafeFetchOptions> = {}): Promise<string> {
  return (await safeFetch(new URL(url), { ...defaults, ...options })).toString()
}

const sink = () => serve((_request, response) => response.end('reached'))
const redirectTo = (location: string, status = 302) =>
  serve((_request, response) => response.writeHead(status, { location }).end('elsewhere'))

/** Answers each question with the next of these; the last one stays. */
function resolver(...answers: string[][]): { lookup: LookupFunction; asked: string[] } {
  const asked: string[] = []
  const lookup: LookupFunction = (hostname, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(hostname)
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    callback(null, found)
  }
  return { lookup, asked }
}

/** Every way to write this machine, or what must not be asked from it. */
const inside = (port: number) => [
  `127.0.0.1:${port}`,
  `127.1:${port}`,
  `0x7f.1:${port}`,
  `0177.0.0.1:${port}`,
  `2130706433:${port}`,
  `0:${port}`,
  `[::1]:${port}`,
  `[::]:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `[::ffff:7f00:1]:${port}`,
  `[64:ff9b::7f00:1]:${port}`,
  `localhost:${port}`,
  `１２７.０.０.１:${port}`,
  '169.254.169.254',
  '[fe80::1]',
  '[fd00:ec2::254]',
]

describe('an address inside', () => {
  it('is refused in every notation, with and without https', async () => {
    const { port, connections } = await sink()
    for (const host of inside(port)) {
      await expect(fetchText(`http://${host}/`), host).rejects.toThrow(/private or local address/)
      await expect(fetchText(`https://${host}/`), host).rejects.toThrow(/private or local address/)
    }
    expect(connections()).toBe(0)
  })

  it('is refused behind a redirect', async () => {
    const { port, connections } = await sink()
    for (const host of inside(port)) {
      const { origin } = await redirectTo(`http://${host.replace(/[^ -~]/g, encodeURIComponent)}/`)
      await expect(fetchText(origin, { privateOrigin: origin }), host).rejects.toThrow(/private or local address/)
    }
    expect(connections()).toBe(0)
  })

  it('is refused as what a name resolves to', async () => {
    const { port, connections } = await sink()
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254', 'fe80::1%lo']) {
      const { lookup, asked } = resolver([address])
      await expect(fetchText(`https://rebound.example:${port}/`, { lookup })).rejects.toThrow(/private or local/)
      expect(asked).toEqual(['rebound.example'])
    }
    expect(connections()).toBe(0)
  })

  // Only Linux answers at every address of 127.0.0.0/8. The one that stands for the internet here is 127.0.0.2.
  it.skipIf(process.platform !== 'linux')('is refused when only the second answer for a name leads there', async () => {
    const isPublic = (address: string) => address === '127.0.0.2'
    const plain = createSocketServer((socket) => {
      outside += 1
      socket.destroy()
    })
    let outside = 0
    plain.listen(0, '127.0.0.2')
    await once(plain, 'listening')
    onTestFinished(() => void plain.close())
    const { port } = plain.address() as AddressInfo
    const { connections } = await serve((_request, response) => response.end('reached'), { port })
    const { lookup, asked } = resolver(['127.0.0.2'], ['127.0.0.1'])

    await expect(fetchText(`https://rebound.example:${port}/`, { lookup, isPublic })).rejects.toThrow(/be reached/)
    expect({ outside, asked }).toEqual({ outside: 1, asked: ['rebound.example'] })
    await expect(fetchText(`https://rebound.example:${port}/`, { lookup, isPublic })).rejects.toThrow(
      /private or local/,
    )
    expect({ outside, asked }).toEqual({ outside: 1, asked: ['rebound.example', 'rebound.example'] })

    const both = resolver(['127.0.0.1', '127.0.0.2'])
    await expect(fetchText(`https://rebound.example:${port}/`, { lookup: both.lookup, isPublic })).rejects.toThrow(
      /be reached/,
    )
    expect(outside).toBe(2)
    expect(connections()).toBe(0)
  })

  it('is fetched where the caller names that very origin', async () => {
    const { origin, port } = await sink()
    expect(await fetchText(origin, { privateOrigin: origin })).toBe('reached')
    const name = `http://localhost:${port}`
    const { lookup } = resolver(['127.0.0.1'])
    expect(await fetchText(name, { privateOrigin: name, lookup })).toBe('reached')
    const elsewhere = resolver(['192.168.1.1'])
    await expect(fetchText(name, { privateOrigin: name, lookup: elsewhere.lookup })).rejects.toThrow(/private or local/)
    await expect(fetchText(origin, { privateOrigin: name })).rejects.toThrow(/private or local/)
  })
})

describe('a URL', () => {
  it.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://example.com/', 'javascript:1'])(
    'of another scheme is refused: %s',
    async (url) => {
      await expect(fetchText(url)).rejects.toThrow(/addresses are not fetched/)
      const { origin } = await redirectTo(url)
      await expect(fetchText(origin, { privateOrigin: origin })).rejects.toThrow(/addresses are not fetched/)
    },
  )

  it('with credentials is refused', async () => {
    const { lookup, asked } = resolver(['1.1.1.1'])
    await expect(fetchText('https://ann:secret@example.com/', { lookup })).rejects.toThrow(/credentials/)
    expect(asked).toEqual([])
  })
})

describe('an answer', () => {
  it('is asked for without anything that identifies us, by one connection', async () => {
    let headers = {}
    const { origin } = await serve((request, response) => {
      ;({ headers } = request)
      response.end('ok')
    })
    expect(await fetchText(`${origin}/logo.png?size=64`, { privateOrigin: origin })).toBe('ok')
    expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host'])
  })

  it('is followed three redirects far', async () => {
    const { origin } = await serve(({ url = '/' }, response) => {
      const left = Number(url.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(307, { location: `/${left - 1}` }).end()
    })
    expect(await fetchText(`${origin}/3`, { privateOrigin: origin })).toBe('there')
    await expect(fetchText(`${origin}/4`, { privateOrigin: origin })).rejects.toThrow(/redirects more than 3 times/)
  })

  it.each([204, 206, 404, 500])('of status %i is none', async (status) => {
    const { origin } = await serve((_request, response) => response.writeHead(status).end())
    await expect(fetchText(origin, { privateOrigin: origin })).rejects.toThrow(`answered ${status}`)
  })

  it('without an end is cut at the limit', async () => {
    const { origin } = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(10_000)));
      }
      response.on('drain', more)
      more()
    })
    await expect(fetchText(origin, { privateOrigin: origin })).rejects.toThrow(/more than 1000 bytes/)
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('that is packed with %s has the same limit unpacked', async (encoding, pack) => {
    const { origin } = await serve(({ url }, response) => {
      const size = url === '/bomb' ? 10_000_000 : 1_000
      response.writeHead(200, { 'content-encoding': encoding }).end(pack(Buffer.alloc(size, 'x')))
    })
    expect(await fetchText(origin, { privateOrigin: origin })).toBe('x'.repeat(1_000))
    const bomb = fetchText(`${origin}/bomb`, { privateOrigin: origin, maxBytes: 100_000 })
    await expect(bomb).rejects.toThrow(/cannot be unpacked within 100000 bytes/)
  })

  it.each(['gzip', 'gzip, gzip', 'constructor', 'zstd'])('that is not what it says is none: %s', async (encoding) => {
    const { origin } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end('plain'),
    )
    await expect(fetchText(origin, { privateOrigin: origin })).rejects.toThrow(/cannot be unpacked/)
  })

  it('that never comes ends in time: no name, no headers, no body', async () => {
    const silent = await serve(() => undefined)
    const half = await serve((_request, response) => void response.write('half'))
    const nameless: LookupFunction = () => undefined
    for (const [url, options] of [
      [silent.origin, { privateOrigin: silent.origin }],
      [half.origin, { privateOrigin: half.origin }],
      ['https://nowhere.example', { lookup: nameless }],
    ] as const) {
      await expect(fetchText(url, { ...options, timeoutMs: 50 })).rejects.toThrow(/within 50 ms/)
      const aborted = fetchText(url, { ...options, signal: AbortSignal.abort(new Error('not wanted any more')) })
      await expect(aborted).rejects.toThrow(/not wanted any more/)
    }
  })
})
