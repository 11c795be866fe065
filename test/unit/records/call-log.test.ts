import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Call } from '../../../src/shared/contract/calls.ts'
import { CallLog } from '../../../src/main/records/call-log.ts'
import type { FinishedCall } from '../../../src/main/records/finished-call.ts'
import { openCallLog } from '../../../src/main/store/call-log-file.ts'
import { CallsStore } from '../../../src/main/store/calls-store.ts'
import { recordedLog, temporaryFolder } from '../store/fresh-store.ts'

const TIME = Date.parse('2026-01-02T03:04:05.678Z')

function finished(facts: Partial<FinishedCall> = {}): FinishedCall {
  return {
    workspace: 'default',
    agent: 'claude-code',
    integration: 'github',
    tool: 'github__create_issue',
    era: 'legacy',
    upstreamEra: 'modern',
    startedAt: TIME,
    durationMs: 12.3456,
    requestBytes: 120,
    responseBytes: 340,
    outcome: 'ok',
    error: null,
    request: Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call"}'),
    response: [Buffer.from('{"jsonrpc":"2.0","id":1,'), Buffer.from('"result":{}}')],
    ...facts,
  }
}

async function openLog({ recordBodies = false, file = join(temporaryFolder(), 'calls.db'), now = () => TIME } = {}) {
  const { log, lines } = recordedLog()
  const database = await openCallLog(file, { log })
  const calls = new CallLog({
    store: new CallsStore(database),
    log,
    recordBodies: () => recordBodies,
    retentionDays: () => 7,
    now,
  })
  await calls.start()
  onTestFinished(async () => {
    await calls.close()
    await database.close()
  })
  return { calls, database, file, log, lines }
}

const page = { limit: 100 }

describe('the list', () => {
  test('holds every fact of a call, newest first', async () => {
    const { calls } = await openLog()
    calls.record(finished())
    calls.record(finished({ agent: null, outcome: 'error', error: { code: -32602, message: 'Unknown tool: x' } }))

    const { items, total, next_cursor } = await calls.list('default', {}, page)

    expect({ total, next_cursor }).toEqual({ total: 2, next_cursor: null })
    expect(items).toEqual([
      expect.objectContaining({ id: '2', agent: null, error: { code: -32602, message: 'Unknown tool: x' } }),
      {
        id: '1',
        at: '2026-01-02T03:04:05.678Z',
        agent: 'claude-code',
        integration: 'github',
        tool: 'github__create_issue',
        era: 'legacy',
        upstream_era: 'modern',
        duration_ms: 12.346,
        request_bytes: 120,
        response_bytes: 340,
        outcome: 'ok',
        error: null,
        recorded: false,
      },
    ])
  })

  test.each([
    [{ agent: 'cursor' }, ['3']],
    [{ integration: 'github' }, ['3', '1']],
    [{ outcome: 'tool_error' }, ['2']],
    [{ query: 'GITHUB issue' }, ['3', '1']],
    [{ query: 'create%issue' }, []],
    [{ query: 'not_accepted' }, ['2']],
    [{ since: '2026-01-02T03:04:06Z' }, ['3', '2']],
    [{ until: '2026-01-02T03:04:06Z' }, ['1']],
  ] as const)('finds %o', async (filter, ids) => {
    const { calls } = await openLog()
    calls.record(finished())
    const failed = { code: 0, message: 'the token was not_accepted' }
    calls.record(
      finished({
        integration: 'billing',
        tool: 'b__pay',
        outcome: 'tool_error',
        startedAt: TIME + 2000,
        error: failed,
      }),
    )
    calls.record(finished({ agent: 'cursor', startedAt: TIME + 3000 }))

    const { items, total } = await calls.list('default', filter, page)

    expect(items.map(({ id }) => id)).toEqual(ids)
    expect(total).toBe(ids.length)
  })

  test('comes in pages that neither repeat nor skip a call when new ones arrive in between', async () => {
    const { calls } = await openLog()
    for (let n = 0; n < 5; n++) calls.record(finished())
    const first = await calls.list('default', {}, { limit: 2 })
    calls.record(finished())
    const second = await calls.list('default', {}, { limit: 2, cursor: first.next_cursor ?? '' })

    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['5', '4', '3', '2'])
    await expect(calls.list('default', {}, { limit: 2, cursor: 'x' })).rejects.toThrow('This is not a cursor')
  })

  test('of one workspace holds nothing of another', async () => {
    const { calls } = await openLog()
    calls.record(finished({ workspace: 'other' }))

    expect((await calls.list('default', {}, page)).items).toEqual([])
    await expect(calls.get('default', '1')).rejects.toThrow('not in the log')
    await calls.clear('default')
    expect((await calls.list('other', {}, page)).total).toBe(1)
  })

  test('goes on with greater ids after a restart', async () => {
    const { calls, file } = await openLog()
    calls.record(finished())
    await calls.flush()
    const again = await openLog({ file })
    again.calls.record(finished())

    expect((await again.calls.list('default', {}, page)).items.map(({ id }) => id)).toEqual(['2', '1'])
  })
})

describe('bodies', () => {
  test('are not kept unless the admin asked for it', async () => {
    const { calls, file } = await openLog()
    calls.record(finished({ request: Buffer.from('{"canary":"very-private"}') }))
    expect(await calls.get('default', '1')).toMatchObject({ request: null, response: null, recorded: false })
    expect(readFileSync(`${file}-wal`, 'utf8')).not.toContain('very-private')
  })

  test('are kept as they went, with secrets masked by value and by name', async () => {
    const { calls, log } = await openLog({ recordBodies: true })
    log.redactor.register('canary-secret-1')
    calls.record(
      finished({
        request: Buffer.from('{"params":{"arguments":{"password":"hunter2","n":1}}}'),
        response: [Buffer.from('{"n": 1.0, "text":'), Buffer.from('"it is canary-secret-1"}')],
      }),
    )
    const { request, response, truncated, recorded } = await calls.get('default', '1')
    expect(request).toBe('{"params":{"arguments":{"password":"[redacted]","n":1}}}')
    expect(response).toBe('{"n": 1.0, "text":"it is [redacted]"}')
    expect({ truncated, recorded }).toEqual({ truncated: false, recorded: true })
  })

  test('are cut at 64 KiB, and no part of a secret stands at the cut', async () => {
    const { calls, log } = await openLog({ recordBodies: true })
    const secret = 'S'.repeat(9_000)
    log.redactor.register(secret)
    for (const before of [60_000, 65_000, 65_530, 75_000, 81_000]) {
      calls.record(finished({ response: [Buffer.from('x'.repeat(before) + secret + 'y'.repeat(200_000))] }))
    }
    const { items } = await calls.list('default', {}, page)
    for (const { id } of items) {
      const { response, truncated } = await calls.get('default', id)
      expect(truncated).toBe(true)
      expect(response?.length).toBeLessThanOrEqual(65_536)
      expect(response).not.toContain('SSSS')
    }
  })
})

describe('followers', () => {
  test('hear of what they asked for, in batches, until they leave', async () => {
    const { calls } = await openLog()
    const leaving = new AbortController()
    const following = calls.follow('default', { agent: 'cursor', query: 'issue' }, leaving.signal)
    const first = following.next()
    calls.record(finished())
    calls.record(finished({ agent: 'cursor' }))
    calls.record(finished({ agent: 'cursor', workspace: 'other' }))
    await calls.flush()

    expect((await first).value).toEqual([expect.objectContaining({ id: '2', agent: 'cursor' })])
    const last = following.next()
    leaving.abort()
    expect(await last).toEqual({ done: true, value: undefined })
  })

  test('that do not read hold a bounded number of calls, the newest', async () => {
    const { calls } = await openLog()
    const following = calls.follow('default', {}, new AbortController().signal)
    for (let n = 0; n < 6_000; n++) calls.record(finished())
    await calls.flush()

    const { value } = (await following.next()) as { value: Call[] }
    expect(value).toHaveLength(5_000)
    expect(value.at(-1)?.id).toBe('6000')
  })
})

test('the figures of the last hour', async () => {
  const { calls } = await openLog()
  calls.record(finished({ startedAt: TIME - 61 * 60_000 }))
  for (let n = 1; n <= 20; n++) calls.record(finished({ durationMs: n }))
  calls.record(finished({ durationMs: 500, outcome: 'error', agent: 'cursor', startedAt: TIME - 60_000 }))
  calls.record(finished({ integration: 'billing' }))

  const stats = await calls.stats('default', 'github')

  expect(stats).toMatchObject({ calls: 21, errors: 1, p50_ms: 11, p95_ms: 20 })
  expect(stats.minutes).toHaveLength(60)
  expect(stats.minutes.slice(-2)).toEqual([
    { at: '2026-01-02T03:03:00.000Z', calls: 1, errors: 1 },
    { at: '2026-01-02T03:04:00.000Z', calls: 20, errors: 0 },
  ])
  expect(stats.agents).toEqual([
    { agent: 'claude-code', calls: 20 },
    { agent: 'cursor', calls: 1 },
  ])
  expect(await calls.stats('other')).toMatchObject({ calls: 0, p50_ms: null, p95_ms: null, agents: [] })
})

test('the calls of each tool of an integration in the last days', async () => {
  const { calls } = await openLog()
  const day = 86_400_000
  calls.record(finished({ startedAt: TIME - 6 * day }))
  calls.record(finished({ startedAt: TIME - day, outcome: 'error', error: { code: 1, message: 'x' } }))
  calls.record(finished({ startedAt: TIME - 2 * day, tool: 'create_issue' }))
  calls.record(finished({ startedAt: TIME - 7 * day - 1, tool: 'github__older' }))
  calls.record(finished({ integration: 'billing' }))
  calls.record(finished({ workspace: 'other' }))

  const byTool = await calls.byTool('default', 'github', 7)

  expect(byTool.toSorted((one, other) => one.tool.localeCompare(other.tool))).toEqual([
    { tool: 'create_issue', count: 1, last_at: TIME - 2 * day },
    { tool: 'github__create_issue', count: 2, last_at: TIME - day },
  ])
})

describe('what is lost is counted, and nothing fails', () => {
  test('when the file can not be written', async () => {
    const { calls, database, lines } = await openLog()
    calls.record(finished())
    await calls.flush()
    await database.close()
    for (let n = 0; n < 3; n++) {
      calls.record(finished())
      await calls.flush()
    }
    expect(calls.dropped).toBe(3)
    expect(lines.filter((line) => line.includes('could not be written'))).toHaveLength(1)
  })

  test('and each time that it begins is told', async () => {
    const { calls, database, lines } = await openLog()
    const write = async () => {
      calls.record(finished())
      await calls.flush()
    }
    for (let time = 0; time < 2; time++) {
      await database.kysely.schema.alterTable('calls').renameTo('elsewhere').execute()
      await write()
      await database.kysely.schema.alterTable('elsewhere').renameTo('calls').execute()
      await write()
    }
    expect(calls.dropped).toBe(2)
    expect((await calls.list('default', {}, page)).total).toBe(2)
    expect(lines.filter((line) => line.includes('could not be written'))).toHaveLength(2)
  })

  test('when more arrives than is written, whatever a batch has taken already', async () => {
    const { calls } = await openLog()
    for (let call = 0; call < 20_000; call++) {
      calls.record(finished())
      if (call % 5_000 === 0) void calls.flush()
    }
    for (let call = 0; call < 7; call++) calls.record(finished())
    expect(calls.dropped).toBe(7)
    await calls.flush()
    calls.record(finished())
    expect((await calls.list('default', {}, page)).total).toBe(20_001)
  })

  test('what was said in calls that wait is kept only as far as there is room, and the calls are', async () => {
    const { calls } = await openLog({ recordBodies: true })
    const response = [Buffer.alloc(80_000, 'x')]
    for (let call = 0; call < 1_000; call++) calls.record(finished({ response }))
    const { items, total } = await calls.list('default', {}, { limit: 1_000 })
    expect(total).toBe(1_000)
    const recorded = items.filter((call) => call.recorded).length
    expect(recorded).toBeGreaterThan(800)
    expect(recorded).toBeLessThan(850)
    calls.record(finished({ response }))
    expect((await calls.list('default', {}, page)).items[0]?.recorded).toBe(true)
  })

  test('when more arrives than can wait', async () => {
    const { calls } = await openLog()
    for (let n = 0; n < 20_010; n++) calls.record(finished())
    expect(calls.dropped).toBe(10)
    expect((await calls.list('default', {}, page)).total).toBe(20_000)
  })
})

test('old calls are deleted when the log is opened', async () => {
  const { calls, file } = await openLog()
  calls.record(finished({ startedAt: TIME - 8 * 86_400_000 }))
  calls.record(finished())
  await calls.flush()
  const again = await openLog({ file })
  expect((await again.calls.list('default', {}, page)).items.map(({ id }) => id)).toEqual(['2'])
})

test('a damaged file is put aside and a new log begun', async () => {
  const file = join(temporaryFolder(), 'calls.db')
  writeFileSync(file, 'this is no database, but it is longer than nothing'.repeat(100))
  const { calls, lines } = await openLog({ file })
  calls.record(finished())
  expect((await calls.list('default', {}, page)).total).toBe(1)
  expect(lines.some((line) => line.includes('put aside'))).toBe(true)
})
