import { afterEach, describe, expect, it } from 'vitest'
import type { McpSettings } from '../../../src/shared/contract/integrations.ts'
import { ConnectionBudget } from '../../../src/main/upstream/connection-budget.ts'
import type { McpUpstream } from '../../../src/main/upstream/mcp-upstream.ts'
import { Agent } from './agents.ts'
import { call, connected, Harness, until } from './harness.ts'

const open: Harness[] = []
const harness = (...options: ConstructorParameters<typeof Harness>) => {
  const made = new Harness(...options)
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

interface Who {
  pid: number
  calls: number
  opening: { capabilities: unknown; clientInfo: unknown }
}

const perSession = (test: Harness): McpSettings => ({ ...test.bad('good'), isolation: 'per_session' })
const sessionOf = (upstream: McpUpstream, { principal }: Agent) => upstream.session({ principal })
async function who(upstream: McpUpstream, agent: Agent): Promise<Who> {
  return JSON.parse((await agent.call(await sessionOf(upstream, agent), 'who')).text) as Who
}
const lines = (test: Harness, upstream: McpUpstream) =>
  test.pool
    .output(upstream.id)
    .lines()
    .map(({ text }) => text)

describe('per_session', () => {
  it('each agent has a connection of its own that declares what the agent does, and the shared one stays', async () => {
    const test = harness()
    const upstream = test.start(perSession(test))
    await connected(upstream)
    const [one, other] = [new Agent('one'), new Agent('other', 'session:other', '{"sampling":{}}')]
    const [first, second] = await Promise.all([who(upstream, one), who(upstream, other)])
    expect(first.pid).not.toBe(second.pid)
    expect(first.opening).toMatchObject({
      capabilities: { elicitation: {} },
      clientInfo: { name: 'one', version: '1' },
    })
    expect(second.opening).toMatchObject({
      capabilities: { sampling: {} },
      clientInfo: { name: 'other', version: '1' },
    })
    expect(await who(upstream, one)).toMatchObject({ pid: first.pid, calls: 2 })
    const shared = JSON.parse((await call(await upstream.session(), 'who')).text) as Who
    expect([first.pid, second.pid]).not.toContain(shared.pid)
    expect(shared.opening.capabilities).toEqual({ roots: {}, sampling: {}, elicitation: { form: {}, url: {} } })
  })

  it('what a server asks and says outside of any call goes to the one whose connection it is', async () => {
    const test = harness()
    const upstream = test.start(perSession(test))
    const [one, other] = [new Agent('one'), new Agent('other')]
    const session = await sessionOf(upstream, one)
    await sessionOf(upstream, other)
    await one.call(session, 'later', { message: { jsonrpc: '2.0', method: 'notifications/message', params: {} } })
    await until(() => one.heard.includes('outside: notifications/message'))
    await one.call(session, 'later', { message: { jsonrpc: '2.0', id: 1, method: 'roots/list' } })
    await until(() => one.asked.includes('roots/list'))
    expect([...other.heard, ...other.asked]).toEqual([])
    expect(test.heard.filter((heard) => heard.includes('said'))).toEqual([])
  })

  it('ends when its principal is released, with its process, and is opened anew by the next call', async () => {
    const test = harness()
    const upstream = test.start(perSession(test))
    await connected(upstream)
    const agent = new Agent('one')
    const before = await who(upstream, agent)
    expect(test.processes()).toHaveLength(2)
    upstream.release(agent.principal)
    upstream.release(agent.principal)
    await until(() => test.processes().length === 1)
    expect(await who(upstream, agent)).toMatchObject({ calls: 1 })
    expect((await who(upstream, agent)).pid).not.toBe(before.pid)
  })

  it('one whose process dies fails its calls with a reason; the next call opens another, and nobody else notices', async () => {
    const test = harness()
    const upstream = test.start(perSession(test))
    const [one, other] = [new Agent('one'), new Agent('other')]
    const theirs = await who(upstream, other)
    const session = await sessionOf(upstream, one)
    const hanging = one.call(session, 'silent')
    await Promise.all([
      expect(hanging).rejects.toMatchObject({
        code: 'upstream_unavailable',
        message: expect.stringContaining('code 7') as string,
      }),
      expect(one.call(session, 'crash')).rejects.toThrow('the tool has crashed'),
    ])
    expect(await who(upstream, one)).toMatchObject({ calls: 1 })
    expect(await who(upstream, other)).toMatchObject({ pid: theirs.pid, calls: 2 })
    expect(upstream.connection.state).toBe('connected')
  })

  it('its start and end are told, by the name of the agent and not by its session', async () => {
    const test = harness()
    const upstream = test.start(perSession(test))
    const agent = new Agent('\u001b[31mcoder\n', 'session:very-secret')
    await who(upstream, agent)
    upstream.release(agent.principal)
    await until(() => lines(test, upstream).some((line) => line.includes('has ended')))
    expect(lines(test, upstream)).toContain('Connection 1, for coder alone, was opened.')
    expect(lines(test, upstream).join('\n')).not.toContain('very-secret')
  })

  it('one that is not used for long is ended', async () => {
    const test = harness({ isolated: { idleMs: 200, perUpstream: 10, total: 10 } })
    const upstream = test.start(perSession(test))
    await connected(upstream)
    await who(upstream, new Agent('one'))
    await until(() => test.processes().length === 1)
  })

  it('where there are too many, the one that rests longest makes room; where all are in use, that is the answer', async () => {
    const test = harness({ isolated: { idleMs: 600_000, perUpstream: 2, total: 10 } })
    const upstream = test.start(perSession(test))
    const agents = ['one', 'two', 'three', 'four'].map((name) => new Agent(name))
    const [one, two, three, four] = agents as [Agent, Agent, Agent, Agent]
    const first = await who(upstream, one)
    const second = await who(upstream, two)
    await who(upstream, three)
    expect((await who(upstream, two)).pid).toBe(second.pid)
    expect((await who(upstream, one)).pid).not.toBe(first.pid)
    for (const agent of [one, two]) agent.call(await sessionOf(upstream, agent), 'silent').catch(() => undefined)
    await expect(sessionOf(upstream, four)).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringContaining('All 2 connections of test') as string,
    })
    upstream.release(one.principal)
    expect(await who(upstream, four)).toMatchObject({ calls: 1 })
  })

  it('the limit of the whole gateway holds over all integrations', async () => {
    const test = harness({ isolated: { idleMs: 600_000, perUpstream: 10, total: 2 } })
    const upstreams = [test.start(perSession(test)), test.start(perSession(test)), test.start(perSession(test))]
    for (const upstream of upstreams) await who(upstream, new Agent('one'))
    await until(() => test.processes().length === 3 + 2)
  })

  it('an agent with other abilities gets a new one: a server reads them once', async () => {
    const test = harness()
    const upstream = test.start(perSession(test))
    const first = await who(upstream, new Agent('one', 'agent:a#0'))
    expect(await who(upstream, new Agent('one', 'agent:a#0'))).toMatchObject({ pid: first.pid, calls: 2 })
    const other = await who(upstream, new Agent('one', 'agent:a#0', '{"roots":{}}'))
    expect(other.pid).not.toBe(first.pid)
    await until(() => test.processes().length === 2)
  })

  it('one that does not start says why, and is not started again by each call', async () => {
    const test = harness({ backoff: { firstMs: 60_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 } })
    const upstream = test.start({ ...test.bad('exit-at-once'), isolation: 'per_session' })
    const agent = new Agent('one')
    for (let round = 0; round < 3; round++) {
      await expect(sessionOf(upstream, agent)).rejects.toThrow('DATABASE_URL is not set')
    }
    expect(lines(test, upstream).filter((line) => line.includes('alone, was not opened'))).toHaveLength(1)
  })

  it('all end with the upstream, and with a restart', async () => {
    const test = harness()
    const upstream = test.start(perSession(test))
    const agent = new Agent('one')
    const first = await who(upstream, agent)
    upstream.restart()
    await until(() => !test.processes().includes(first.pid))
    expect((await who(upstream, agent)).calls).toBe(1)
    await upstream.close()
    await until(() => test.processes().length === 0)
    await expect(sessionOf(upstream, agent)).rejects.toThrow('The connection was stopped.')
  })
})

describe('a shared stdio server that asks while two agents wait', () => {
  it('asks neither of them, and each has a connection of its own from then on', async () => {
    const test = harness()
    const upstream = test.start(test.bad('good'))
    const [one, other] = [new Agent('one'), new Agent('other')]
    const abort = new AbortController()
    const shared = await sessionOf(upstream, one)
    expect(await sessionOf(upstream, other)).toBe(shared)
    const waiting = other.call(shared, 'silent', {}, abort.signal)
    const told = JSON.parse((await one.call(shared, 'ask', { method: 'elicitation/create' })).text) as object
    expect(told).toMatchObject({ error: { code: -32603 } })
    expect([...one.asked, ...other.asked]).toEqual([])
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(lines(test, upstream).join('\n')).toContain('each gets a connection of its own from now on')

    const [mine, theirs] = await Promise.all([sessionOf(upstream, one), sessionOf(upstream, other)])
    const answers = await Promise.all([
      one.call(mine, 'ask', { method: 'elicitation/create', params: { message: 'for one' } }),
      other.call(theirs, 'ask', { method: 'elicitation/create' }),
    ])
    expect(answers.map(({ text }) => (JSON.parse(text) as { result: { content: unknown } }).result.content)).toEqual([
      { by: 'one' },
      { by: 'other' },
    ])
    expect(await upstream.session()).toBe(shared)
  })
})

describe('the budget of a gateway', () => {
  it('has no room where nothing may be ended', () => {
    expect(new ConnectionBudget(0).makeRoom()).toBe(false)
  })
})
