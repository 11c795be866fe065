import { fileURLToPath } from 'node:url'
import {
  getEventIteratorSchemaDetails,
  isContractProcedure,
  type AnyContractProcedure,
  type AnySchema,
} from '@orpc/contract'
import { safe } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contract } from '../../../src/shared/contract/contract.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const stdio = { transport: 'stdio' as const, command: process.execPath, args: [everything, 'stdio'] }
/** Stands in every name that is only in the other workspace. */
const MARK = 'unseen'

let app: TestApp
let here: Client
let there: Client
let token: string
let ids: { agent: string; profile: string; call: string }

beforeAll(async () => {
  app = await startTestApp()
  here = app.client()
  await here.workspaces.create({ name: 'team', plan: 'enterprise' })
  there = app.client('router', 'team')
  await there.integrations.create({ name: `${MARK}-server`, mcp: stdio })
  const profile = await there.profiles.create({ name: `${MARK} profile`, integrations: [`${MARK}-server`] })
  const agent = await there.agents.create({ name: `${MARK} agent`, profile_id: profile.id })
  const connected = async () => {
    expect((await there.integrations.get({ name: `${MARK}-server` })).connection.state).toBe('connected')
  }
  await vi.waitFor(connected)
  expect((await mcp(agent.token, 'tools/call', echo)).result).toBeDefined()
  token = (await here.agents.create({ name: 'mine' })).token
  const [call] = (await there.calls.list({})).items
  ids = { agent: agent.id, profile: profile.id, call: call?.id ?? '' }
})
afterAll(() => app.close())

const echo = { name: `${MARK}-server__echo`, arguments: { message: 'hello' } }

interface Answer {
  status: number
  result?: unknown
  error?: { code: number; message: string }
}

/** One request of an agent, without a session: the era of 2026-07-28. */
async function mcp(bearer: string, method: string, params: Record<string, unknown> = {}, path = ''): Promise<Answer> {
  const name = params.name
  const version = '2026-07-28'
  const response = await fetch(app.urls.mcp_url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': version,
          'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  })
  const answer = (await response.json()) as Omit<Answer, 'status'>
  return { ...answer, status: response.status }
}

type Operation = (input: object) => Promise<unknown>

/** Every operation that reads, needs nothing to be named, and ends. */
function lists(client: object, router: object = contract, path: string[] = []): [string, Operation][] {
  return Object.entries(router).flatMap(([key, value]: [string, object]) => {
    const inner = (client as Record<string, object>)[key] ?? {}
    if (!isContractProcedure(value)) return lists(inner, value, [...path, key])
    return isList(value) ? [[[...path, key].join('.'), inner as Operation] as [string, Operation]] : []
  })
}

function isList({ '~orpc': { route, outputSchema } }: AnyContractProcedure): boolean {
  return (
    route.method === 'GET' &&
    !route.path?.includes('{') &&
    !getEventIteratorSchemaDetails(outputSchema as AnySchema | undefined)
  )
}

describe('what is in one workspace', () => {
  const shows = [
    'integrations.list',
    'tools.list',
    'agents.list',
    'profiles.list',
    'calls.list',
    'calls.stats',
    'audit.list',
  ]

  it.each(shows)('is in its own %s', async (name) => {
    const [, operation] = lists(there).find(([known]) => known === name) ?? []
    expect(JSON.stringify(await operation?.({}))).toContain(MARK)
  })

  it.each(lists(contract).map(([name]) => name))('is not in %s of another', async (name) => {
    const [, operation] = lists(here).find(([known]) => known === name) ?? []
    const { data, error } = await safe(Promise.resolve(operation?.({})))
    expect(JSON.stringify([data, error, error?.message])).not.toContain(MARK)
    if (shows.includes(name)) expect(error).toBeNull()
  })

  it('can not be named from another', async () => {
    const name = `${MARK}-server`
    const { agent, profile, call } = ids
    const attempts: Promise<unknown>[] = [
      here.integrations.get({ name }),
      here.integrations.update({ name, description: 'mine' }),
      here.integrations.remove({ name }),
      here.integrations.restore({ name }),
      here.integrations.enable({ name }),
      here.integrations.disable({ name }),
      here.integrations.restart({ name }),
      here.integrations.test({ name }),
      here.integrations.output({ name }),
      here.integrations.process({ name }),
      here.tools.of_integration({ name }),
      here.tools.get({ gateway_name: echo.name }),
      here.tools.call(echo),
      here.agents.update({ id: agent, name: 'mine too' }),
      here.agents.rotate({ id: agent }),
      here.agents.remove({ id: agent }),
      here.profiles.update({ id: profile, name: 'mine too' }),
      here.profiles.remove({ id: profile }),
      here.calls.get({ id: call }),
    ]
    const outcomes = await Promise.all(attempts.map((attempt) => safe(attempt)))
    expect(outcomes.map(({ error }) => (error as { code?: string } | null)?.code)).toEqual(
      attempts.map(() => 'not_found'),
    )
    expect(ids.call).not.toBe('')
    const refused = safe(here.agents.create({ name: 'taker', profile_id: profile }))
    expect((await refused).error).toMatchObject({ code: 'invalid_input' })
    expect((await there.integrations.get({ name })).description).toBe('')
    expect((await there.agents.list()).items).toMatchObject([{ name: `${MARK} agent`, profile_id: profile }])
  })

  it('does not reach the agents of another', async () => {
    const list = await mcp(token, 'tools/list')
    expect(list.status).toBe(200)
    expect(JSON.stringify(list)).not.toContain(MARK)
    expect(JSON.stringify(await mcp(token, 'server/discover'))).not.toContain(MARK)
    const found = await mcp(token, 'tools/call', { name: 'discover_tools', arguments: { query: 'echo' } })
    expect(JSON.stringify(found.result ?? found.error)).not.toContain(MARK)

    const unknown = await mcp(token, 'tools/call', { name: 'nothing__echo', arguments: {} })
    const called = await mcp(token, 'tools/call', echo)
    expect(called.error?.code).toBe(-32602)
    expect(called.error).toEqual(JSON.parse(JSON.stringify(unknown.error).replaceAll('nothing__echo', echo.name)))
    const nowhere = await mcp(token, 'tools/list', {}, '/nothing')
    const slug = await mcp(token, 'tools/list', {}, `/${MARK}-server`)
    expect(slug.status).toBe(404)
    expect(slug.error).toEqual(JSON.parse(JSON.stringify(nowhere.error).replaceAll('nothing', `${MARK}-server`)))
    expect((await there.calls.list({})).items).toHaveLength(1)
  })
})
