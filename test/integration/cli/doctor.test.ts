import { beforeAll, expect, it, vi } from 'vitest'
import type { DoctorReport } from '../../../src/shared/contract/oauth.ts'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'
import { followAuthorization } from '../../helpers/follow-authorization.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import { startAuthorizationServer, startProtectedServer } from '../../helpers/oauth-servers.ts'

// Gateways and servers are processes, and the machine may be busy with others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

interface Findings {
  ok: boolean
  findings: { about: string; message: string }[]
}

let cli: CommandLine
let gateway: RunningGateway
let url: string
const stops: (() => Promise<unknown>)[] = []
const admin = () => createHttpClient({ apiUrl: gateway.ready.api_url, token: gateway.ready.admin_token })

beforeAll(async () => {
  cli = await CommandLine.create()
  gateway = await cli.serve()
  const server = await startAuthorizationServer()
  const resource = await startProtectedServer({ issuers: [server.issuer] })
  url = resource.url
  stops.push(resource.stop, server.stop)
  return async () => {
    for (const stop of stops) await stop()
    await gateway.stop()
    await cli.close()
  }
})

it('has nothing to say where all is well, and names what is not', async () => {
  const well = await cli.runProcess(['doctor'])
  expect(well).toMatchObject({ code: 0 })
  expect(well.stdout).toContain('Nothing is wrong.')
  expect(well.stdout).toContain(gateway.ready.mcp_url)

  await cli.run(['add', 'nowhere', 'http://127.0.0.1:9/mcp', '--transport', 'http'])
  await cli.run(['add', 'notes', url, '--oauth'])
  const ill = await cli.run(['doctor', '--json'])
  expect(ill.code).toBe(1)
  const { ok, findings } = JSON.parse(ill.stdout) as Findings
  expect(ok).toBe(false)
  expect(findings.map(({ about }) => about)).toEqual(['notes', 'nowhere'])
  expect(findings[0]?.message).toContain('gatehouse authorize notes')
  expect(findings[1]?.message).toContain('gatehouse test nowhere')
})

it('goes through the sign-in of one integration, and says what to do', async () => {
  const before = await cli.run(['doctor', 'notes', '--json'])
  const report = JSON.parse(before.stdout) as DoctorReport
  expect(before.code).toBe(report.ok ? 0 : 1)
  expect(report.steps.map(({ step }) => step)).toEqual([
    'resource',
    'authorization_server',
    'registration',
    'authorization',
    'token',
    'call',
  ])
  expect(report.steps.some(({ fix }) => fix?.includes('Sign in'))).toBe(true)

  const { authorization_url: page } = await admin().integrations.authorize({ name: 'notes' })
  await (await fetch(await followAuthorization(page ?? ''))).text()
  const after = await cli.run(['doctor', 'notes'])
  expect(after).toMatchObject({ code: 0 })
  expect(after.stdout).toMatch(/ok +call/)
})

it('tests the connection of one that takes no sign-in', async () => {
  const { code, stdout } = await cli.run(['doctor', 'nowhere'])
  expect(code).toBe(1)
  expect(stdout).toContain('connect')
  expect(await cli.run(['doctor', 'nobody'])).toMatchObject({ code: 1 })
})

it('says that no gateway runs', async () => {
  await gateway.stop()
  const { code, stdout } = await cli.run(['doctor', '--json'])
  expect(code).toBe(1)
  const { findings } = JSON.parse(stdout) as Findings
  expect(findings[0]).toMatchObject({ about: 'gateway' })
  expect(findings.map(({ about }) => about)).not.toContain('nowhere')
})

it('starts one gateway for itself, and not another for the test', async () => {
  const { code, stdout, stderr } = await cli.runProcess(['doctor', 'nowhere'])
  expect(code).toBe(1)
  expect(stdout).toContain('connect')
  expect(stderr.match(/starts one for itself/g)).toHaveLength(1)
})
