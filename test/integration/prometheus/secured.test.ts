import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'
import { serveHttp } from '../../helpers/serve-http.ts'
import { startPrometheus } from './processes.ts'
import { connect } from './setup.ts'
import { scrape } from './shop.ts'

const tls = (name: string) => fileURLToPath(new URL(`../rest/tls/${name}.pem`, import.meta.url))
const ca = readFileSync(tls('authority'), 'utf8')
const PASSWORD = 'hunter2-hunter2'
/** bcrypt of the password. */
const HASH = '$2b$05$abcdefghijklmnopqrstuuM6LdIRFtSO2kPdsnQR8QqPt6tFqthsy'

let app: TestApp | undefined
afterEach(async () => {
  await app?.close()
  app = undefined
})

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { ca, auth: `admin:${PASSWORD}` }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asking.on('error', reject).end()
  })
}

it('a Prometheus behind TLS with a user name and a password is set up, and what is wrong is named', async () => {
  const { url } = await startPrometheus({
    scrapes: (self) => scrape('prometheus', self),
    web: `tls_server_config: { cert_file: ${tls('server')}, key_file: ${tls('server-key')} }
basic_auth_users: { admin: '${HASH}' }
`,
    isReady: async (address) => (await statusOf(`${address}/-/ready`)) === 200,
  })
  app = await startTestApp()
  const client = app.client()
  const failed = async (values: Record<string, string>, credentials: Record<string, string> = {}) => {
    const { ok, saved, checks } = await connect(client, { endpoint: url, ...values }, credentials)
    expect({ ok, saved }).toEqual({ ok: false, saved: false })
    return checks.find(({ state }) => state === 'failed')
  }
  const basic = { auth: 'basic', username: 'admin' }
  expect(await failed(basic, { password: PASSWORD })).toMatchObject({
    field: 'values.ca',
    message: expect.stringContaining('not signed by an authority') as string,
    fix: expect.stringContaining('custom CA') as string,
  })
  expect(await failed({ ca })).toMatchObject({
    field: 'values.auth',
    message: expect.stringContaining('401') as string,
  })
  const wrong = await failed({ ca, ...basic }, { password: 'another-password' })
  expect(wrong).toMatchObject({ field: 'credentials.password' })
  expect(JSON.stringify(wrong)).not.toContain('another-password')
  expect(await failed({ ca, endpoint: `${url}/elsewhere` })).toMatchObject({ field: expect.any(String) as string })

  expect(await connect(client, { endpoint: url, ca, ...basic }, { password: PASSWORD })).toMatchObject({ ok: true })
  expect(await client.prometheus.poll()).toMatchObject({ state: 'ok', error: null })
  const setup = await client.setup.get({ name: 'prometheus' })
  expect(JSON.stringify(setup)).not.toContain(PASSWORD)
})

it('the header of a tenant and a prefix of the path are sent with each request', async () => {
  const asked: (string | undefined)[] = []
  const origin = await serveHttp((incoming, response) => {
    asked.push(`${incoming.headers['x-scope-orgid']?.toString() ?? ''} ${incoming.url?.split('?')[0] ?? ''}`)
    response.setHeader('content-type', 'application/json')
    if (incoming.url?.startsWith('/prometheus/api/v1/query') === true) {
      response.end('{"status":"success","data":{"resultType":"vector","result":[]}}')
    } else response.writeHead(404).end('{"status":"error","errorType":"not_found","error":"not here"}')
  })
  app = await startTestApp()
  const client = app.client()
  expect(await connect(client, { endpoint: `${origin}/prometheus`, tenant: 'team-a' })).toMatchObject({ ok: true })
  await client.tools.call({ name: 'prometheus__instant_query', arguments: { query: 'up' } })
  expect(new Set(asked.filter((line) => line?.endsWith('/query')))).toEqual(
    new Set(['team-a /prometheus/api/v1/query']),
  )
  expect(asked.every((line) => line?.startsWith('team-a /prometheus/api/v1/'))).toBe(true)
})

it('a Prometheus behind a proxy is asked through it', async () => {
  const asked: string[] = []
  const proxy = await serveHttp((incoming, response) => {
    asked.push(incoming.url ?? '')
    response.setHeader('content-type', 'application/json')
    response.end('{"status":"success","data":{"resultType":"vector","result":[]}}')
  })
  app = await startTestApp()
  await connect(app.client(), { endpoint: 'http://prometheus.invalid:9090', proxy_url: proxy })
  expect(asked[0]).toBe('http://prometheus.invalid:9090/api/v1/query?query=1')
})

it('a web page where the API should be is not taken for Prometheus', async () => {
  const origin = await serveHttp((_incoming, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Welcome</title>')
  })
  app = await startTestApp()
  const { checks } = await connect(app.client(), { endpoint: origin })
  expect(checks).toMatchObject([
    { state: 'failed', field: 'values.endpoint', message: expect.stringContaining('a web page') as string },
  ])
})
