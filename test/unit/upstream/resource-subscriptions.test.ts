import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { Outcome } from '../../../src/main/upstream/outcome.ts'
import { ResourceSubscriptions, type ResourceSubscriber } from '../../../src/main/upstream/resource-subscriptions.ts'

class Server implements ResourceSubscriber {
  readonly asked: string[] = []
  /** Where it is set, answers wait for it. */
  gate: Outcome<void> | undefined
  failure: AppError | undefined

  async subscribe(uri: string): Promise<AppError | undefined> {
    this.asked.push(`+${uri}`)
    await this.gate?.promise
    return this.failure
  }

  async unsubscribe(uri: string): Promise<void> {
    this.asked.push(`-${uri}`)
    await this.gate?.promise
  }
}

function open() {
  const subscriptions = new ResourceSubscriptions()
  const server = new Server()
  const heard: string[] = []
  const hear =
    (name: string) =>
    ({ params, value }: { params: Buffer | undefined; value: Record<string, unknown> }) =>
      void heard.push(`${name}: ${String(value.uri)} ${params?.toString() ?? ''}`.trim())
  const say = (uri: unknown) =>
    subscriptions.updated({ method: 'notifications/resources/updated', params: undefined, value: { uri } })
  return { subscriptions, server, heard, hear, say }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('subscriptions to resources', () => {
  it('are one for all who want it, until the last has gone', async () => {
    const { subscriptions, server, heard, hear, say } = open()
    subscriptions.attach(server)
    const one = subscriptions.want('a://b', hear('one'))
    const two = subscriptions.want('a://b', hear('two'))
    const other = subscriptions.want('a://c', hear('other'))
    expect(await Promise.all([one.active, two.active, other.active])).toEqual([undefined, undefined, undefined])
    expect(server.asked).toEqual(['+a://b', '+a://c'])
    say('a://b')
    say('a://nobody')
    say(7)
    expect(heard).toEqual(['one: a://b', 'two: a://b'])

    one()
    one()
    say('a://b')
    expect(heard.slice(2)).toEqual(['two: a://b'])
    expect(server.asked).toHaveLength(2)
    two()
    await settled()
    expect(server.asked.slice(2)).toEqual(['-a://b'])
    expect(subscriptions.uris).toEqual(['a://c'])
  })

  it('are told of parts of a resource, and not of what only begins alike', () => {
    const { subscriptions, server, heard, hear, say } = open()
    subscriptions.attach(server)
    subscriptions.want('file:///a', hear('a'))
    subscriptions.want('file:///a/', hear('slash'))
    say('file:///a/b?c#d')
    say('file:///ab')
    say('file:///')
    expect(heard).toEqual(['slash: file:///a/b?c#d', 'a: file:///a/b?c#d'])
  })

  it('ask one question at a time about a URI, and end with what is wanted', async () => {
    const { subscriptions, server, hear } = open()
    const gate = new Outcome<void>()
    server.gate = gate
    subscriptions.attach(server)
    const first = subscriptions.want('a://b', hear('x'))
    first()
    const second = subscriptions.want('a://b', hear('x'))
    second()
    subscriptions.want('a://b', hear('x'))()
    expect(server.asked).toEqual(['+a://b'])
    gate.resolve()
    await settled()
    expect(server.asked).toEqual(['+a://b', '-a://b'])
    expect(subscriptions.uris).toEqual([])
  })

  it('say why the server does not tell anything', async () => {
    const { subscriptions, server, hear } = open()
    server.failure = new AppError('upstream_invalid', { message: 'no such resource' })
    subscriptions.attach(server)
    expect(await subscriptions.want('a://b', hear('x')).active).toBe(server.failure)
    expect(await subscriptions.want('a://b', hear('y')).active).toBe(server.failure)
  })

  it('are made again on the next connection, and whoever waits is told that something may have changed', async () => {
    const { subscriptions, server, heard, hear, say } = open()
    expect(await subscriptions.want('a://early', hear('early')).active).toBeUndefined()
    subscriptions.attach(server)
    await settled()
    expect(server.asked).toEqual(['+a://early'])
    expect(heard).toEqual([])

    subscriptions.detach()
    const gone = subscriptions.want('a://gone', hear('gone'))
    gone()
    const next = new Server()
    subscriptions.attach(next)
    await settled()
    expect(next.asked).toEqual(['+a://early'])
    expect(heard).toEqual(['early: a://early {"uri":"a://early"}'])
    say('a://early')
    expect(heard).toHaveLength(2)
  })

  it('need not be told one by one where the connection knows all, and are caught up with when it does', async () => {
    const { subscriptions, server, heard, hear } = open()
    subscriptions.want('a://b', hear('x'))
    subscriptions.attach(server, { knowsAll: true })
    subscriptions.caughtUp()
    expect(heard).toEqual([])
    subscriptions.interrupted()
    subscriptions.caughtUp()
    subscriptions.caughtUp()
    await settled()
    expect(heard).toEqual(['x: a://b {"uri":"a://b"}'])
    expect(server.asked).toEqual([])
  })

  it('are bounded in number and length', async () => {
    const { subscriptions, hear } = open()
    for (let number = 0; number < 10_000; number++) subscriptions.want(`a://${number}`, hear('x'))
    const over = subscriptions.want('a://over', hear('x'))
    expect((await over.active)?.message).toMatch(/^10000 resources of this integration are subscribed to/)
    over()
    expect(await subscriptions.want('a://7', hear('x')).active).toBeUndefined()
    expect((await subscriptions.want(`a://${'b'.repeat(9_000)}`, hear('x')).active)?.code).toBe('invalid_input')
    expect(subscriptions.uris).toHaveLength(10_000)
  })

  it('tell a hundred from the start of a connection on, a few at a time', async () => {
    const { subscriptions, server, hear } = open()
    for (let number = 0; number < 100; number++) subscriptions.want(`a://${number}`, hear('x'))
    const gate = new Outcome<void>()
    server.gate = gate
    subscriptions.attach(server)
    await settled()
    expect(server.asked).toHaveLength(16)
    gate.resolve()
    await settled()
    expect(server.asked).toHaveLength(100)
  })
})
