import { expect, it, onTestFinished, vi } from 'vitest'
import type { AdapterLoaders } from '../../../src/main/notifications/adapters.ts'
import type { ChannelAdapter } from '../../../src/main/notifications/channel-adapter.ts'
import { startCore } from './core.ts'

const LIMIT_MS = 60_000

function neverDone(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
  })
}

const silent: ChannelAdapter = {
  kind: 'webhook',
  paceMs: 0,
  timeoutMs: LIMIT_MS,
  destination: () => 'hook',
  unready: () => undefined,
  send: (_outgoing, signal) => neverDone(signal),
  preview: () => ({ content_type: 'text/plain', text: '', body: '' }),
  close: () => Promise.resolve(),
}

it.each([
  ['sends', silent],
  ['looks for what came of it', { ...silent, test: (_: unknown, signal: AbortSignal) => neverDone(signal) }],
])('a test that takes too long says so, where a channel %s', async (_, adapter) => {
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  // Its minute is over at once.
  const limit = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms === LIMIT_MS ? 1 : ms))
  onTestFinished(() => limit.mockRestore())
  const its = await startCore({ loaders: { webhook: () => Promise.resolve(adapter) } as unknown as AdapterLoaders })
  onTestFinished(() => its.close())
  const { id } = await its.webhook('http://127.0.0.1:9/')
  const message = 'The test did not end within 60 s. Check that the service answers, then test again.'
  expect(await its.channels.test('default', id)).toMatchObject({ ok: false, error: { code: 'timeout', message } })
  expect((await its.list())[0]).toMatchObject({ action: 'test', state: 'failed', last_error: { code: 'timeout' } })
  // Who goes away is not told of anything.
  const gone = its.channels.test('default', id, AbortSignal.abort(new Error('gone')))
  await expect(gone).rejects.toThrow('gone')
})
