import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { call, connected, Harness, until } from './harness.ts'

const harnesses: Harness[] = []
const harness = (...options: ConstructorParameters<typeof Harness>) => {
  const made = new Harness(...options)
  harnesses.push(made)
  return made
}

afterEach(async () => {
  for (const each of harnesses.splice(0)) {
    await each.close()
    expect(each.processes()).toEqual([])
  }
})

describe('a child that dies', () => {
  it('rejects its calls at once, others do not notice, and the next call brings it back', async () => {
    const test = harness()
    const doomed = test.start(test.bad('good'), { slug: 'doomed' })
    const other = test.start(test.bad('good'), { slug: 'other' })
    const session = await doomed.session()
    await Promise.all([connected(doomed), connected(other)])
    const waiting = call(session, 'silent')
    const crash = call(session, 'crash')
    await expect(crash).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringMatching(/exited with code 7.*Error: the tool has crashed/s) as string,
    })
    await expect(waiting).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect((await call(await other.session(), 'echo', { message: 'calm' })).text).toBe('Echo: calm')
    expect((await call(await doomed.session(), 'echo', { message: 'back' })).text).toBe('Echo: back')
    await connected(doomed)
    expect(doomed.connection.error).toBeNull()
  })

  it('killed from outside: the signal is told', async () => {
    const test = harness()
    const upstream = test.start(test.bad('good'))
    const session = await upstream.session()
    await connected(upstream)
    const waiting = call(session, 'silent')
    for (const pid of test.processes()) process.kill(pid, 'SIGKILL')
    await expect(waiting).rejects.toThrow('was ended by SIGKILL')
    await until(() => test.heard.filter((event) => event === 'test: connected').length === 2)
  })

  it('keeps its last known tools while it is down', async () => {
    const test = harness({ backoff: { firstMs: 60_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 } })
    const upstream = test.start(test.bad('good'))
    await connected(upstream)
    await call(await upstream.session(), 'crash').catch(() => undefined)
    await until(() => upstream.connection.state === 'error')
    expect(upstream.tools.tools.map((tool) => tool.name)).toContain('echo')
    expect(upstream.connection.tool_count).toBe(6)
  })
})

describe('processes', () => {
  it('what a launcher has started ends with it', async () => {
    const test = harness()
    const upstream = test.start(test.bad('launcher'))
    await connected(upstream)
    expect(test.processes()).toHaveLength(2)
    await test.pool.stop(upstream.id)
    expect(test.processes()).toEqual([])
  })

  it('what a launcher that was killed has started ends too', async () => {
    const test = harness({ backoff: { firstMs: 60_000, maxMs: 60_000, healthyMs: 60_000, crashes: 5 } })
    const upstream = test.start(test.bad('launcher'))
    await connected(upstream)
    const [launcher] = test.processes()
    process.kill(launcher ?? 0, 'SIGKILL')
    await until(() => upstream.connection.state === 'error')
    await until(() => test.processes().length === 0)
  })

  it('one that reads nothing is ended by signals', async () => {
    const test = harness({ startTimeoutMs: 60_000 })
    test.start(test.bad('deaf'))
    await until(() => test.processes().length === 1)
    await test.close()
    expect(test.processes()).toEqual([])
  })

  it('children of a gateway that was killed end, because their input does', async () => {
    const test = harness()
    const gateway = fileURLToPath(new URL('./fixtures/holds-one-upstream.ts', import.meta.url))
    const child = spawn(process.execPath, [gateway, JSON.stringify(test.bad('good'))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect(test.processes().length).toBeGreaterThanOrEqual(2)
    child.kill('SIGKILL')
    await until(() => test.processes().length === 0)
  })

  it('a restart replaces the process', async () => {
    const test = harness()
    const upstream = test.start(test.bad('good'))
    await connected(upstream)
    const before = test.processes()
    upstream.restart()
    await until(() => upstream.connection.state === 'connecting')
    await connected(upstream)
    expect(test.processes()).toHaveLength(1)
    expect(test.processes()).not.toEqual(before)
  })

  it('an idle one is ended, and a call starts it again', async () => {
    const test = harness({ idleTimeoutMs: 300 })
    const upstream = test.start(test.bad('good'))
    await connected(upstream)
    await until(() => test.processes().length === 0)
    expect(upstream.connection.state).toBe('connected')
    expect((await call(await upstream.session(), 'echo', { message: 'awake' })).text).toBe('Echo: awake')
  })
})

describe('one that is connected on demand', () => {
  it('rests until a session is asked for, and then works like any other', async () => {
    const test = harness()
    const upstream = test.start(test.bad('good'), { restMs: Infinity, slug: 'asked' })
    await connected(test.start(test.bad('good'), { slug: 'other' }))
    expect(test.processes()).toHaveLength(1)
    expect((await call(await upstream.session(), 'echo', { message: 'awake' })).text).toBe('Echo: awake')
    await connected(upstream)
    expect(test.processes()).toHaveLength(2)
  })

  it('rests only as long as it is told to', async () => {
    const test = harness()
    const upstream = test.start(test.bad('good'), { restMs: 50 })
    await connected(upstream)
  })

  it('does not let a call wait for the end of its rest', async () => {
    const test = harness()
    const upstream = test.start(test.bad('good'), { restMs: 600_000 })
    expect((await call(await upstream.session(), 'echo', { message: 'awake' })).text).toBe('Echo: awake')
  })

  it('answers the first call with why it does not start', async () => {
    const test = harness()
    const upstream = test.start(test.bad('refuse'), { restMs: Infinity })
    await expect(upstream.session()).rejects.toMatchObject({ code: 'upstream_invalid' })
    expect(upstream.connection.state).toBe('error')
  })

  it.each(['at once', 'later'])('a restart that comes %s connects it', async (when) => {
    const test = harness()
    const upstream = test.start(test.bad('good'), { restMs: Infinity })
    if (when === 'later') await connected(test.start(test.bad('good')))
    upstream.restart()
    await connected(upstream)
  })

  it.each(['at once', 'later'])('is closed without ever being started, %s', async (when) => {
    const test = harness()
    test.start(test.bad('good'), { restMs: Infinity, slug: 'resting' })
    if (when === 'later') await connected(test.start(test.bad('good'), { slug: 'other' }))
    await test.close()
    expect(test.heard.filter((line) => line.startsWith('resting'))).toEqual([])
  })
})

describe('calls', () => {
  it('one that is never answered is cancelled at its limit, the others go on', async () => {
    const test = harness({ callTimeoutMs: 1_000 })
    const session = await test.start(test.bad('good')).session()
    await expect(call(session, 'silent')).rejects.toMatchObject({
      code: 'upstream_timeout',
      message: 'The server did not answer tools/call in 1 s.',
    })
    const { cancelled } = JSON.parse((await call(session, 'count')).text) as { cancelled: number[] }
    expect(cancelled).toHaveLength(1)
  })

  it('answers that are noise, late, double or foreign are dropped', async () => {
    const test = harness()
    const session = await test.start(test.bad('good')).session()
    expect((await call(session, 'wrong')).text).toBe('right')
    expect((await call(session, 'echo', { message: 'next' })).text).toBe('Echo: next')
  })

  it('requests of the server are answered: ping with a result, anything else as by a client that has nobody to ask', async () => {
    const test = harness()
    const session = await test.start(test.bad('good')).session()
    expect(JSON.parse((await call(session, 'ask', { method: 'ping' })).text)).toMatchObject({
      id: 'from-server',
      result: {},
    })
    expect(JSON.parse((await call(session, 'ask', { method: 'roots/list' })).text)).toMatchObject({
      result: { roots: [] },
    })
    expect(JSON.parse((await call(session, 'ask', { method: 'elicitation/create' })).text)).toMatchObject({
      error: { code: -32601 },
    })
  })

  it('200 at once: none is lost, none is crossed', async () => {
    const test = harness()
    const session = await test.start(test.bad('good')).session()
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        call(session, 'echo', { message: `${index} ${'ü'.repeat(index * 20)}` }),
      ),
    )
    answers.forEach((answer, index) => expect(answer.text).toBe(`Echo: ${index} ${'ü'.repeat(index * 20)}`))
  })

  it('params with line breaks are one message', async () => {
    const test = harness()
    const session = await test.start(test.bad('good')).session()
    const params = Buffer.from('{\r\n  "name": "echo",\n  "arguments": {\n    "message": "a\\nb"\n  }\n}')
    const answer = await session.request({ method: 'tools/call', name: 'echo', params })
    expect(answer.value).toEqual({ content: [{ type: 'text', text: 'Echo: a\nb' }] })
  })
})

describe('an answer over the limit', () => {
  it.each([
    ['the id first', { mib: 50, id: 'first' }],
    ['the id last', { mib: 50, id: 'last' }],
    ['no end at all', { mib: 50, id: 'first', end: false }],
  ])(
    '%s: an error for that call only, and the memory stays',
    async (_case, input: { mib: number; id: string; end?: boolean }) => {
      const test = harness()
      const session = await test.start(test.bad('good')).session()
      const before = process.memoryUsage.rss()
      let peak = before
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss())
      }, 5)
      try {
        await expect(call(session, 'huge', input)).rejects.toMatchObject({
          code: 'upstream_invalid',
          message: 'The answer is longer than 10 MiB, the most that is taken.',
        })
        if (input.end !== false) expect((await call(session, 'echo', { message: 'next' })).text).toBe('Echo: next')
      } finally {
        clearInterval(watch)
      }
      expect(peak - before).toBeLessThan(3 * test.limits.maxMessageBytes)
    },
  )

  it('just below it, it comes through', async () => {
    const test = harness()
    const session = await test.start(test.bad('good')).session()
    const answer = await session.request({
      method: 'tools/call',
      name: 'huge',
      params: Buffer.from('{"name":"huge","arguments":{"mib":9}}'),
    })
    expect(answer.bytes.length).toBeGreaterThan(9 * 1024 * 1024)
    expect(answer.bytes.subarray(0, 24).toString()).toBe('{"content":[],"blob":"xx')
  })
})

describe('lists', () => {
  it('ten thousand tools', async () => {
    const test = harness()
    const upstream = test.start(test.bad('ten-thousand-tools'))
    await connected(upstream)
    expect(upstream.tools.tools).toHaveLength(10_000)
    expect(upstream.tools.tools[9_999]?.name).toBe('tool_09999')
  })

  it('broken tools are left out and told of', async () => {
    const test = harness()
    const upstream = test.start(test.bad('broken-schema'))
    await connected(upstream)
    expect(upstream.tools.tools.map((tool) => tool.name)).toEqual(['good'])
    expect(upstream.connection.warnings).toHaveLength(4)
    expect(upstream.connection.warnings).toContain(
      'The tool "text_schema" was left out: its inputSchema is not an object with "type": "object".',
    )
  })

  it('all pages, in order', async () => {
    const test = harness()
    const upstream = test.start(test.bad('paged'))
    await connected(upstream)
    expect(upstream.tools.tools.map((tool) => tool.name)).toEqual(['page_1', 'page_2', 'page_3', 'page_4', 'page_5'])
  })

  it.each([
    ['the same cursor again and again', 'same-cursor', 2],
    ['new cursors for ever', 'endless-pages', 1_000],
  ])('%s ends with a warning', async (_case, mode, count) => {
    const test = harness()
    const upstream = test.start(test.bad(mode))
    await connected(upstream)
    expect(upstream.tools.tools).toHaveLength(count)
    expect(upstream.connection.warnings[0]).toContain('The list of tools was cut')
  })

  it('a server without tools is connected, with a note', async () => {
    const test = harness()
    const upstream = test.start(test.bad('no-tools'))
    await connected(upstream)
    expect(upstream.connection).toMatchObject({ tool_count: 0, warnings: ['The server offers no tools.'] })
  })

  it('a server that declared no tools and does not know the question is connected, without a note', async () => {
    const test = harness()
    const upstream = test.start(test.bad('no-tools-declared'))
    await connected(upstream)
    expect(upstream.connection).toMatchObject({ tool_count: 0, warnings: [] })
  })

  it('a page over the limit of a message ends it with a warning, and what came before stays', async () => {
    const test = harness({ maxMessageBytes: 50_000 })
    const upstream = test.start(test.bad('long-page'))
    await connected(upstream)
    expect(upstream.tools.tools.map((tool) => tool.name)).toEqual(['page_1'])
    expect(upstream.connection.warnings).toEqual([
      'The list of tools was cut before page 2, which is longer than a message may be.',
    ])
  })

  it('an answer without a list is an error that says so', async () => {
    const test = harness()
    const upstream = test.start(test.bad('no-list'))
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error?.message).toBe('The answer to tools/list has no list of tools.')
  })

  it('while a slow one is waited for, calls go through', async () => {
    const test = harness()
    const upstream = test.start(test.bad('slow-list', '3000'))
    const session = await upstream.session()
    expect((await call(session, 'echo', { message: 'early' })).text).toBe('Echo: early')
    expect(upstream.connection.state).toBe('connecting')
    await connected(upstream)
  })

  it('a storm of list_changed: few lists, and the new tool is there', async () => {
    const test = harness()
    const upstream = test.start(test.bad('list-changed-storm'))
    await connected(upstream)
    const startedAt = performance.now()
    const listsBefore = await listsOf()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const lists = (await listsOf()) - listsBefore
    const seconds = (performance.now() - startedAt) / 1000
    expect(lists).toBeGreaterThan(0)
    expect(lists / seconds).toBeLessThanOrEqual(11)
    expect(upstream.tools.tools.map((tool) => tool.name)).toContain('generation_2')

    async function listsOf(): Promise<number> {
      return (JSON.parse((await call(await upstream.session(), 'count')).text) as { lists: number }).lists
    }
  })
})

describe('many at once', () => {
  it('hanging ones do not hold the others back', async () => {
    const test = harness({ parallelStarts: 2, startTimeoutMs: 4_000, probeTimeoutMs: 1_000 })
    const hanging = Array.from({ length: 3 }, (_, index) => test.start(test.bad('hang'), { slug: `hang-${index}` }))
    const good = Array.from({ length: 3 }, (_, index) => test.start(test.bad('good'), { slug: `good-${index}` }))
    await Promise.all(good.map((upstream) => connected(upstream)))
    await until(() => hanging.every((upstream) => upstream.connection.error !== null))
  })

  it('an upstream started again under its id waits for the end of the one before', async () => {
    const test = harness()
    const spec = { id: 'one', slug: 'one' }
    const first = test.start(test.bad('good'), spec)
    await connected(first)
    const second = test.start(test.bad('good'), spec)
    await connected(second)
    expect(test.processes()).toHaveLength(1)
    expect(test.pool.get('one')).toBe(second)
    await expect(first.session()).rejects.toMatchObject({ code: 'upstream_unavailable' })
  })
})
