import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Integration, OutputLine } from '../../../../src/shared/contract/integrations.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { FakeStreams } from '../traffic/fake-calls.ts'
import { stubResizeObserver } from '../without-layout.ts'

const notes = integration('notes', {
  mcp: { transport: 'stdio', command: 'node', args: [], env: {}, era: 'auto', isolation: 'shared' },
})
const usage = {
  pid: 4121,
  started_at: '2026-11-24T10:00:00.000Z',
  process_count: 3,
  memory_bytes: 38_100_000,
  cpu_percent: 0,
}
const line = (seq: number, text: string, kind: OutputLine['kind'] = 'stderr'): OutputLine => ({
  seq,
  at: new Date(Date.parse('2026-11-24T14:00:00.000Z') + seq).toISOString(),
  kind,
  text,
})

beforeEach(() => {
  stubResizeObserver()
})
afterEach(() => {
  vi.useRealTimers()
  closeConsole()
})

function open(shown: Integration = notes) {
  const streams = new FakeStreams<OutputLine[]>()
  const process = vi.fn(() => Promise.resolve(usage))
  const { restart } = openConsole(`/integrations/${shown.name}/output`, {
    integrations: [shown],
    operations: {
      integrations: {
        follow_output: (_input: unknown, { signal }: { signal?: AbortSignal } = {}) =>
          Promise.resolve(streams.open(signal)),
        process,
      } as never,
    },
  })
  return { streams, process, restart }
}
const log = () => screen.findByRole('log', { name: 'Output of notes' })
const opened = (streams: FakeStreams<OutputLine[]>) => waitFor(() => expect(streams.opened).toBe(1))

describe('the output of a server', () => {
  it('shows its lines and the events of its connection as they come, told apart by a word', async () => {
    const { streams } = open()
    await opened(streams)
    streams.push([line(0, 'Connected', 'event'), line(1, 'listening <b>now</b>')])
    const shown = await log()
    within(shown).getByText('listening <b>now</b>')
    within(shown).getByText('stderr')
    within(shown).getByText('Event')
    streams.push([line(2, 'a request')])
    await within(shown).findByText('a request')
  })

  it('is filtered, paused, and emptied for good', async () => {
    const { streams } = open()
    await opened(streams)
    streams.push([line(0, 'apple'), line(1, 'pear')])
    await log()
    await userEvent.type(screen.getByLabelText('Filter output'), 'APP')
    await waitFor(() => expect(screen.queryByText('pear')).toBeNull())
    screen.getByText('apple')
    await userEvent.type(screen.getByLabelText('Filter output'), 'x')
    await userEvent.click(await screen.findByRole('button', { name: 'Clear filters' }))
    screen.getByText('pear')

    await userEvent.click(screen.getByRole('button', { name: 'Pause' }))
    streams.push([line(2, 'plum')])
    await screen.findByText('Paused, 1 new')
    expect(screen.queryByText('plum')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Resume' }))
    await screen.findByText('plum')

    await userEvent.click(screen.getByRole('button', { name: 'Clear view' }))
    await screen.findByText(/^No output yet/)
    // After a loss all that is kept is told again.
    streams.push(new TypeError('network error'))
    await screen.findByText('Stale: reconnecting')
    await opened(streams)
    streams.push([line(0, 'apple'), line(1, 'pear'), line(2, 'plum'), line(3, 'fig')])
    await screen.findByText('fig')
    expect(screen.queryByText('plum')).toBeNull()
  })

  it('is let go of by scrolling up, and found again by a button', async () => {
    const { streams } = open()
    await opened(streams)
    streams.push([line(0, 'apple')])
    const shown = await log()
    vi.spyOn(shown, 'scrollHeight', 'get').mockReturnValue(9_000)
    fireEvent.scroll(shown, { target: { scrollTop: 100 } })
    await userEvent.click(await screen.findByRole('button', { name: 'Jump to end' }))
    expect(screen.queryByRole('button', { name: 'Jump to end' })).toBeNull()
    expect(document.activeElement).toBe(shown)
  })

  it('tells what its processes use, asked for only while somebody can see it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { process } = open()
    expect((await screen.findByLabelText('Process')).textContent).toContain('pid 4121')
    screen.getByText('3 processes')
    const asked = process.mock.calls.length
    await vi.advanceTimersByTimeAsync(2_000)
    expect(process).toHaveBeenCalledTimes(asked + 1)
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(process).toHaveBeenCalledTimes(asked + 1)
  })

  it('has no process where there is none, and can be restarted there too', async () => {
    const { process, restart } = open(integration('remote'))
    await userEvent.click(await screen.findByRole('button', { name: 'Restart' }))
    expect(restart.mock.lastCall?.[0]).toEqual({ name: 'remote' })
    expect(process).not.toHaveBeenCalled()
  })

  it('leaves no stream open', async () => {
    const { streams } = open()
    await opened(streams)
    await userEvent.click(screen.getByRole('link', { name: 'Overview' }))
    await waitFor(() => expect(streams.opened).toBe(0))
  })
})
