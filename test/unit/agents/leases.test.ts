import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { freshFile, startAgents, type Started } from './agents-fixture.ts'

let file: string
let app: Started
let agents: Started['agents']

beforeEach(async () => {
  file = freshFile()
  app = await startAgents(file)
  agents = app.agents
})

async function lease(name = 'Cursor', abort = new AbortController()) {
  const stream = await agents.lease('default', name, abort.signal)
  const { value } = await stream.next()
  if (value === undefined) throw new Error('the lease ended before it began')
  return { stream, abort, token: value.token }
}

it('is a second token of the agent, beside the one that it has', async () => {
  const { id, token } = await agents.create('default', { name: 'Cursor', discovery_mode: 'lazy' })
  const leased = await lease()
  expect(leased.token).toMatch(/^ghk_[\w-]{43}$/)
  expect(leased.token).not.toBe(token)
  const identity = agents.authenticate(leased.token)
  expect(identity).toMatchObject({ name: 'Cursor', workspace: 'default', profile: null, discoveryMode: 'lazy' })
  expect(agents.authenticate(token)?.id).toBe(id)
  expect(agents.list('default')).toHaveLength(1)
  const { token: another } = await lease()
  expect(agents.authenticate(another)?.id).not.toBe(identity?.id)
})

it('makes the agent where it is missing, once', async () => {
  await Promise.all([lease('New one'), lease('New one'), lease('New one')])
  expect(agents.list('default')).toMatchObject([{ name: 'New one', profile_id: null, discovery_mode: null }])
  await expect(agents.lease('nowhere', 'x', new AbortController().signal)).rejects.toMatchObject({ code: 'not_found' })
})

it('is in no file, and no log', async () => {
  const { token } = await lease()
  expect(app.log.redactor.text(`got ${token}`)).toBe('got [redacted]')
  await app.stop()
  expect(readFileSync(file).includes(token)).toBe(false)
})

it('counts as a call of its agent', async () => {
  const { token } = await lease()
  agents.touch(agents.authenticate(token)?.id ?? '')
  expect(agents.list('default')[0]?.last_seen_at).not.toBeNull()
})

it('sees what its agent sees, also when that changes', async () => {
  const { token } = await lease()
  const agent = agents.list('default')[0]?.id ?? ''
  const profile = await app.profiles.create('default', {
    name: 'Readers',
    integrations: [],
    enabled_tools: [],
    disabled_tools: [],
  })
  await agents.update('default', agent, { profile_id: profile.id })
  const identity = agents.authenticate(token)
  expect(identity?.profile).toBe(profile)
  expect(agents.identityOf(identity?.id ?? '')?.profile).toBe(profile)
})

describe('ends, with its sessions and no others,', () => {
  it.each(['when its signal aborts', 'when its reader leaves'])('%s', async (way) => {
    const { token: kept } = await lease()
    const { stream, abort, token } = await lease()
    const id = agents.authenticate(token)?.id
    const waiting = stream.next()
    if (way === 'when its reader leaves') await stream.return?.()
    else abort.abort()
    expect(agents.authenticate(token)).toBeUndefined()
    expect(app.ended).toEqual([id])
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    abort.abort()
    await stream.return?.()
    expect(app.ended).toHaveLength(1)
    expect(agents.authenticate(kept)).toBeDefined()
  })

  it('when its agent is removed', async () => {
    const { stream, token } = await lease()
    const { token: other } = await lease('Codex')
    const agent = agents.list('default').find(({ name }) => name === 'Cursor')
    await agents.remove('default', agent?.id ?? '')
    expect(agents.authenticate(token)).toBeUndefined()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(agents.authenticate(other)).toBeDefined()
  })

  it('when the gateway closes', async () => {
    const { stream, token } = await lease()
    await agents.close()
    expect(agents.authenticate(token)).toBeUndefined()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  it('before it began, when nobody waits for it any more', async () => {
    const stream = await agents.lease('default', 'Cursor', AbortSignal.abort())
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  it('but not when the token of its agent is replaced', async () => {
    const { token } = await lease()
    await agents.rotate('default', agents.list('default')[0]?.id ?? '')
    expect(agents.authenticate(token)).toBeDefined()
  })
})

it('is refused when its agent has too many, until one ends', async () => {
  const open = await Promise.all(Array.from({ length: 64 }, () => lease()))
  await expect(lease()).rejects.toMatchObject({
    code: 'rate_limited',
    message: 'Cursor has 64 leases open, which is the most. End one of the programs that use it.',
  })
  await lease('Codex')
  open[0]?.abort.abort()
  await lease()
})

it('is forgotten by the redactor when it means nothing any more', async () => {
  const { token, abort } = await lease()
  const { token: kept } = await lease()
  abort.abort()
  expect(app.log.redactor.text(`${token} ${kept}`)).toBe(`${token} [redacted]`)
})
