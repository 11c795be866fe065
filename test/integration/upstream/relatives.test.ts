import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ChildrenFile } from '../../../src/main/upstream/children-file.ts'
import { temporaryFolder } from '../../unit/store/fresh-store.ts'
import { connected, Harness, until } from './harness.ts'

const everyone = ['child', 'stubborn-child', 'session', 'stubborn-session']
const shutdown = { stdinMs: 500, terminateMs: 100 }

let test: Harness
afterEach(async () => {
  await test.close()
  expect(test.processes()).toEqual([])
})

/** The server and one for each of the others; a shell has become what it was told to run. */
async function withAll(traits: string[], relatives: number) {
  const upstream = test.start(test.family(...traits))
  await connected(upstream)
  await until(() => test.processes().length === relatives + 1)
  return upstream
}

describe('what a server has started', () => {
  it('is gone when it was stopped, in its group or not, however stubborn', async () => {
    test = new Harness({ shutdown })
    const upstream = await withAll(everyone, 4)
    await test.pool.stop(upstream.id)
    expect(test.processes()).toEqual([])
  })

  it('is gone when the server itself does not want to go', async () => {
    test = new Harness({ shutdown: { stdinMs: 100, terminateMs: 100 } })
    const upstream = await withAll(['deaf', ...everyone], 4)
    await test.pool.stop(upstream.id)
    expect(test.processes()).toEqual([])
  })

  it('is gone when the server was killed: who left the group was seen before', async () => {
    const never = { firstMs: 60_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 }
    const file = new ChildrenFile(join(temporaryFolder(), 'children.json'))
    test = new Harness({ shutdown, backoff: never }, { file })
    const upstream = await withAll(everyone, 4)
    await until(() => file.read()[0]?.members.length === 5)
    process.kill(file.read()[0]?.pid ?? 0, 'SIGKILL')
    await until(() => upstream.connection.state === 'error')
    expect(test.processes()).toEqual([])
  })

  it('is gone from twenty deaf servers at a quit, each of which takes all of its time', async () => {
    test = new Harness({ shutdown: { stdinMs: 200, terminateMs: 2_000 } })
    for (let server = 0; server < 20; server++) {
      await connected(test.start(test.family('deaf', 'stubborn-session'), { slug: `server-${server}` }))
    }
    expect(test.processes()).toHaveLength(40)
    await test.close()
    expect(test.processes()).toEqual([])
  })

  it('is there once after fifty restarts', { timeout: 120_000 }, async () => {
    test = new Harness({ shutdown: { stdinMs: 500, terminateMs: 20 } })
    const upstream = await withAll(['child', 'stubborn-session'], 2)
    for (let round = 0; round < 50; round++) {
      const before = (await upstream.usage())?.pid
      upstream.restart()
      await until(() => upstream.connection.state === 'connecting')
      await connected(upstream)
      expect((await upstream.usage())?.pid).not.toBe(before)
    }
    await until(() => test.processes().length === 3)
    await test.pool.stop(upstream.id)
    expect(test.processes()).toEqual([])
  })
})
