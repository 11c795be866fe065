import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fetchLogo } from '../../../src/main/logos/fetch-logo.ts'
import { images } from '../../helpers/images.ts'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'
import { serveHttp } from '../../helpers/serve-http.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

/** An integration with this logo, once it is there. */
async function logoOf(name: string, image: Buffer): Promise<string> {
  // What the sender calls it does not count.
  const origin = await serveHttp((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(image),
  )
  const client = app.client('http')
  const mcp = { transport: 'stdio' as const, command: 'no-such-command' }
  await client.integrations.create({ name, mcp, logo_url: `${origin}/logo` })
  return await vi.waitFor(
    async () => {
      const { logo } = await client.integrations.get({ name })
      if (logo === null) throw new Error('there is no logo yet')
      return logo
    },
    { timeout: 10_000 },
  )
}

/** The status of a request as no browser would send it. */
async function statusOf(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  const sent = request(app.origin, { path, headers, method }).end()
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }]
  response.resume()
  return response.statusCode
}

describe('a logo over HTTP', () => {
  it.each([
    ['png', 'image/png'],
    ['svg', 'image/svg+xml'],
    ['ico', 'image/x-icon'],
  ] as const)('is served without a token, with its own type and a policy that runs nothing: %s', async (name, type) => {
    const path = await logoOf(`with-${name}`, images[name])
    expect(path).toBe(`/logos/${createHash('sha256').update(images[name]).digest('hex')}`)
    const response = await fetch(app.origin + path)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-length': String(images[name].length),
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=31536000, immutable',
    })
    expect(Buffer.from(await response.arrayBuffer()).equals(images[name])).toBe(true)
  })

  it('is only read, and only by a name that the gateway has', async () => {
    const path = await logoOf('known', images.gif)
    expect(await statusOf(path)).toBe(200)
    expect(await statusOf(path, {}, 'HEAD')).toBe(200)
    expect(await statusOf(path, {}, 'POST')).toBe(405)
    for (const other of [
      '/logos',
      '/logos/',
      `/logos/${'0'.repeat(64)}`,
      `${path}/`,
      `${path}x`,
      path.toUpperCase(),
      '/logos/../gatehouse.db',
      '/logos/..%2fgatehouse.db',
      '/logos/%2e%2e/run.json',
      '/logos//etc/passwd',
    ]) {
      expect(await statusOf(other), other).toBe(404)
    }
  })

  it('is refused under another host name', async () => {
    const path = await logoOf('guarded', images.jpeg)
    expect(await statusOf(path, { host: 'evil.example' })).toBe(403)
  })
})

describe('what is no logo', () => {
  const now = new AbortController().signal

  it('is refused: pages, too many bytes, other machines', async () => {
    const page = await serveHttp((_request, response) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end('<p>'),
    )
    await expect(fetchLogo(page, now)).rejects.toThrow(/sends no PNG, JPEG, WebP, GIF, ICO or SVG/)
    const large = Buffer.concat([images.png, Buffer.alloc(256 * 1024 - images.png.length)])
    const limit = await serveHttp(({ url }, response) =>
      response.end(url === '/' ? large : Buffer.concat([large, large])),
    )
    expect(await fetchLogo(limit, now)).toHaveLength(256 * 1024)
    await expect(fetchLogo(`${limit}/more`, now)).rejects.toThrow(/more than 262144 bytes/)
    for (const url of ['http://10.0.0.1/', 'https://192.168.1.1/', 'http://169.254.169.254/', 'http://[fe80::1]/']) {
      await expect(fetchLogo(url, now)).rejects.toThrow(/private or local address/)
    }
  })

  it('leaves the integration as it is', async () => {
    const asked: string[] = []
    const origin = await serveHttp(({ url = '' }, response) => {
      asked.push(url)
      response.writeHead(302, { location: `${app.origin}/healthz` }).end()
    })
    const client = app.client('http')
    const mcp = { transport: 'stdio' as const, command: 'no-such-command' }
    const { logo } = await client.integrations.create({ name: 'none', mcp, logo_url: `${origin}/none` })
    await vi.waitFor(() => expect(asked).toEqual(['/none']))
    expect(logo).toBeNull()
    expect(await client.integrations.update({ name: 'none', display_name: 'None' })).toMatchObject({ logo: null })
  })
})
