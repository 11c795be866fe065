import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { startBadHttpServer, type BadHttpServer } from '../../servers/bad-http-server.ts'
import { call, connected, Harness, http, until } from './harness.ts'

const quick = { firstMs: 5, maxMs: 20, healthyMs: 60_000, crashes: 5 }

let test: Harness
afterEach(async () => {
  await test.close()
  expect(test.processes()).toEqual([])
})

function outputOf(upstream: { id: string }): string[] {
  return test.pool
    .output(upstream.id)
    .lines()
    .map(({ text }) => text)
}

function startsOf(upstream: { id: string }): number {
  return outputOf(upstream).filter((line) => line.startsWith('Started process')).length
}

describe('a crash loop', () => {
  it('is stopped at the fifth exit, says what to do, and rests until it is restarted', async () => {
    test = new Harness({ backoff: quick })
    const upstream = test.start(test.bad('exit-at-once'))
    await until(() => upstream.connection.state === 'quarantined')
    expect(startsOf(upstream)).toBe(5)
    expect(upstream.connection.next_retry_at).toBeNull()
    const words =
      /exited with code 3.*\. It ended 5 times within 60 s of its start, .* Correct the cause, then restart it\.$/
    expect(upstream.connection.error?.message).toMatch(words)

    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(upstream.session()).rejects.toMatchObject({ code: 'upstream_unavailable', message: words })
    }
    expect(upstream.connection.state).toBe('quarantined')
    expect(startsOf(upstream)).toBe(5)

    upstream.restart()
    await until(() => startsOf(upstream) === 10)
    await until(() => upstream.connection.state === 'quarantined')
  })

  it('also of one that has connected each time', async () => {
    test = new Harness({ backoff: quick })
    const upstream = test.start(test.family('short'))
    await until(() => upstream.connection.state === 'quarantined')
    expect(startsOf(upstream)).toBe(5)
    expect(outputOf(upstream).filter((line) => line.startsWith('Connected'))).toHaveLength(5)
  })

  it('is none where each lasts', async () => {
    test = new Harness({ backoff: { ...quick, healthyMs: 100 } })
    const upstream = test.start(test.family('short'))
    await until(() => startsOf(upstream) > 6)
    expect(test.heard).not.toContain('test: quarantined')
  })

  it('is none where one only left because of the first question', async () => {
    test = new Harness({ backoff: { ...quick, crashes: 2 } })
    const upstream = test.start(test.bad('exit-on-discover'))
    await connected(upstream)
    await call(await upstream.session(), 'crash').catch(() => undefined)
    await until(() => test.heard.filter((event) => event === 'test: connected').length === 2)
  })
})

describe('the output of an integration', () => {
  it('tells what happened to a process and what it said, over all of its connections', async () => {
    test = new Harness({ backoff: { ...quick, firstMs: 1_500, maxMs: 1_500 } })
    const upstream = test.start(test.bad('good'))
    await connected(upstream)
    await call(await upstream.session(), 'crash').catch(() => undefined)
    await until(() => upstream.connection.state === 'error')
    upstream.restart()
    await connected(upstream)
    await test.pool.stop(upstream.id)
    const started = expect.stringMatching(/^Started process \d+: .*bad-stdio-server\.ts good /) as string
    const exit = /^Process \d+ exited with code 7\.$/
    await until(() => outputOf(upstream).some((line) => line.endsWith('exited with code 0.')))
    expect(outputOf(upstream)).toEqual([
      started,
      'Connected with MCP 2025-11-25: bad-fixture 0.1, 6 tools.',
      'Error: the tool has crashed',
      '    at somewhere (file.js:1:1)',
      expect.stringMatching(exit),
      expect.stringMatching(/^Disconnected: .* exited with code 7\. It said: Error: the tool has crashed$/),
      expect.stringMatching(/^Next try in [12] s\.$/),
      'Asked to connect again.',
      started,
      'Connected with MCP 2025-11-25: bad-fixture 0.1, 6 tools.',
      'Stopped.',
      expect.stringMatching(/^Process \d+ exited with code 0\.$/),
    ])
    const kinds = test.pool.output(upstream.id).lines()
    expect(kinds.map(({ seq }) => seq)).toEqual(kinds.map((_, index) => index))
    expect(kinds.filter(({ kind }) => kind === 'stderr')).toHaveLength(2)
  })

  it('tells of a changed list of tools, and of what is not MCP on stdout, which does not fill it', async () => {
    test = new Harness({ startTimeoutMs: 60_000, probeTimeoutMs: 1_000 })
    const family = test.start(test.family())
    await connected(family)
    await call(await family.session(), 'tool_0', { newTool: true })
    await until(() => outputOf(family).includes('The list of tools changed: 2 tools.'))

    const noisy = test.start(test.bad('garbage'), { slug: 'noisy' })
    await until(() => outputOf(noisy).includes('More lines that are not MCP are not shown.'))
    const noise = outputOf(noisy).filter((line) => line.startsWith('Not MCP on its output: '))
    expect(noise[0]).toBe('Not MCP on its output: "Welcome to my server!"')
  })

  it('shows no secret', async () => {
    test = new Harness({ backoff: { ...quick, firstMs: 60_000, maxMs: 60_000 } })
    const upstream = test.start(test.bad('tell-secret', 'a-secret-key'), {
      secrets: () => ({ headers: {}, env: { API_KEY: 'a-secret-key' } }),
    })
    await until(() => upstream.connection.state === 'error')
    expect(outputOf(upstream)).toContain('Error: the key [redacted] is not valid')
    expect(outputOf(upstream).join('\n')).not.toContain('a-secret-key')
  })

  it('of a server over HTTP tells of its connection', async () => {
    test = new Harness({ backoff: { ...quick, firstMs: 2_000, maxMs: 2_000 } })
    const bad: BadHttpServer = await startBadHttpServer()
    try {
      const good = test.start(http(bad.url('legacy')))
      await connected(good)
      expect(outputOf(good)[0]).toMatch(/^Connected with MCP .*, \d+ tools?\.$/)
      await test.pool.stop(good.id)
      expect(outputOf(good).at(-1)).toBe('Stopped.')
    } finally {
      await bad.close()
    }
    const gone = test.start(http(bad.url('legacy')), { slug: 'gone' })
    await until(() => gone.connection.state === 'error')
    expect(outputOf(gone)[0]).toMatch(/^Not connected: /)
    expect(outputOf(gone)[1]).toMatch(/^Next try in [12] s\.$/)
  })

  it('a locked vault is told', async () => {
    test = new Harness()
    const upstream = test.start(test.bad('good'), {
      secrets: () => {
        throw new AppError('vault_locked')
      },
    })
    await until(() => upstream.connection.state === 'locked')
    expect(outputOf(upstream)[0]).toMatch(/^Not connected: .*vault/)
  })
})

describe('a flood of 100 MB on stderr', () => {
  it('costs little memory, is counted, and disturbs nobody', { timeout: 120_000 }, async () => {
    test = new Harness()
    const flooding = test.start(test.family(), { slug: 'flooding' })
    const other = test.start(test.family(), { slug: 'other' })
    await Promise.all([connected(flooding), connected(other)])
    const [session, calm] = await Promise.all([flooding.session(), other.session()])
    const lines = 1_000_000
    const progress = { isOver: false }
    let answered = 0
    let peak = 0
    const before = process.memoryUsage().rss
    const flood = call(session, 'tool_0', { lines, text: 'x'.repeat(99) }).finally(() => (progress.isOver = true))
    while (!progress.isOver) {
      expect((await call(calm, 'tool_0')).text).toBe('done')
      answered++
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    expect((await flood).text).toBe('done')
    const ring = test.pool.output(flooding.id)
    await until(() => (ring.lines().at(-1)?.seq ?? 0) >= lines)
    const kept = ring.lines()
    expect(kept.length).toBeLessThanOrEqual(2_000)
    expect(kept.some(({ kind, text }) => kind === 'event' && /^\d+ lines dropped\.$/.test(text))).toBe(true)
    // Nothing is kept that is not shown, and calls to the other went on all the time.
    expect(peak - before).toBeLessThan(96 * 1024 * 1024)
    expect(answered).toBeGreaterThan(10)
  })
})

describe('the usage of a process', () => {
  it('is that of the server and its descendants, and null without one', async () => {
    test = new Harness()
    const upstream = test.start(test.family('child', 'session'))
    await connected(upstream)
    await until(() => test.processes().length === 3)
    await call(await upstream.session(), 'tool_0', { busyMs: 600 })
    const usage = await test.pool.usage(upstream.id)
    expect(usage).toMatchObject({ process_count: 3 })
    expect(test.processes()).toContain(usage?.pid)
    expect(usage?.memory_bytes).toBeGreaterThan(20 * 1024 * 1024)
    expect(usage?.cpu_percent).toBeGreaterThan(0)
    expect(Date.now() - Date.parse(usage?.started_at ?? '')).toBeLessThan(60_000)
    await test.pool.stop(upstream.id)
    expect(await test.pool.usage(upstream.id)).toBeNull()
  })
})
