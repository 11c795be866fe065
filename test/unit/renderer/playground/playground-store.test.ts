import { describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../../src/renderer/client.ts'
import { runTool } from '../../../../src/renderer/features/playground/run-tool.ts'
import { createPlaygroundStore, type PastCall } from '../../../../src/renderer/stores/playground.ts'
import type { ToolProgress, ToolRun } from '../../../../src/shared/contract/tools.ts'

const answer = (changes: Partial<ToolRun> = {}): ToolRun => ({
  result: { content: [] },
  result_json: null,
  error: null,
  duration_ms: 12,
  request_bytes: 50,
  response_bytes: 31,
  ...changes,
})
const past = (tool: string, changes: Partial<PastCall> = {}): Omit<PastCall, 'id'> => ({
  tool,
  at: 0,
  args: '{}',
  end: { kind: 'answered', run: answer() },
  ...changes,
})

/** A core whose call tells half of its progress and then waits for its end. */
function core() {
  const told: { signal?: AbortSignal; asked?: unknown } = {}
  let end: (run: ToolRun) => void = () => undefined
  let fail: (cause: Error) => void = () => undefined
  const ending = new Promise<ToolRun>((resolve, reject) => {
    end = resolve
    fail = reject
  })
  async function* run(): AsyncGenerator<ToolProgress, ToolRun> {
    yield { progress: 3, total: 10, message: 'half' }
    return await ending
  }
  const client = {
    tools: {
      run: (asked: unknown, { signal }: { signal: AbortSignal }) => {
        Object.assign(told, { asked, signal })
        return Promise.resolve(run())
      },
    },
  } as unknown as Client
  return { client, told, end, fail }
}

describe('a run', () => {
  it('sends the text as it is, tells its progress, and is remembered when it ends', async () => {
    const store = createPlaygroundStore()
    const { client, told, end } = core()
    const run = runTool({ client, store, tool: 'a__b', args: '{"n":1.0}' })
    expect(told.asked).toEqual({ name: 'a__b', arguments_json: '{"n":1.0}' })
    const half = { progress: 3, total: 10, message: 'half' }
    await vi.waitFor(() =>
      expect(store.getState().runs.get('a__b')).toMatchObject({ state: 'running', progress: half }),
    )
    end(answer())
    await run
    expect(store.getState().runs.get('a__b')).toMatchObject({
      state: 'ended',
      end: { kind: 'answered', run: answer() },
    })
    expect(store.getState().history).toMatchObject([{ tool: 'a__b', args: '{"n":1.0}', end: { kind: 'answered' } }])
  })

  it('is stopped: the call is cancelled at once, and that is remembered', async () => {
    const store = createPlaygroundStore()
    const { client, told } = core()
    const run = runTool({ client, store, tool: 'a__b', args: '{}' })
    const running = store.getState().runs.get('a__b')
    if (running?.state !== 'running') throw new Error('it does not run')
    running.stop()
    await run
    expect(told.signal?.aborted).toBe(true)
    expect(store.getState().history).toMatchObject([{ end: { kind: 'stopped' } }])
  })

  it('that could not be made says why', async () => {
    const store = createPlaygroundStore()
    const { client, fail } = core()
    const run = runTool({ client, store, tool: 'a__b', args: '{}' })
    fail(new Error('The stream broke.'))
    await run
    expect(store.getState().runs.get('a__b')).toMatchObject({
      end: { kind: 'failed', problem: { message: 'The stream broke.' } },
    })
  })

  it('is one at a time for each tool, and leaves nothing once the workspace is left', async () => {
    const store = createPlaygroundStore()
    const { client, told } = core()
    const run = runTool({ client, store, tool: 'a__b', args: '{"first":1}' })
    await runTool({ client, store, tool: 'a__b', args: '{"second":1}' })
    expect(told.asked).toMatchObject({ arguments_json: '{"first":1}' })
    store.getState().clear()
    await run
    expect(told.signal?.aborted).toBe(true)
    expect(store.getState().history).toEqual([])
    expect(store.getState().runs.size).toBe(0)
  })
})

describe('the history', () => {
  it('holds the last fifty calls, the newest first', () => {
    const store = createPlaygroundStore()
    for (let index = 0; index < 60; index++) store.getState().remember(past(`t${index}`))
    const { history } = store.getState()
    expect(history).toHaveLength(50)
    expect(history[0]?.tool).toBe('t59')
    expect(new Set(history.map(({ id }) => id)).size).toBe(50)
  })

  it('holds fewer where they are large', () => {
    const store = createPlaygroundStore()
    const large = past('large', { end: { kind: 'answered', run: answer({ response_bytes: 15_000_000 }) } })
    for (let index = 0; index < 5; index++) store.getState().remember(large)
    expect(store.getState().history).toHaveLength(2)
    store.getState().remember(past('huge', { args: 'x'.repeat(41_000_000) }))
    expect(store.getState().history.map(({ tool }) => tool)).toEqual(['huge'])
  })
})

it('drafts are kept for each tool, the last hundred', () => {
  const store = createPlaygroundStore()
  for (let index = 0; index < 120; index++) store.getState().setDraft(`t${index}`, { from: 'text', text: `${index}` })
  store.getState().setDraft('t119', undefined)
  expect(store.getState().drafts.size).toBe(99)
  expect(store.getState().drafts.get('t118')).toEqual({ from: 'text', text: '118' })
  expect(store.getState().drafts.get('t19')).toBeUndefined()
})
