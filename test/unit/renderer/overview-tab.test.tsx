import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hourWords } from '../../../src/renderer/features/integration/call-figures.tsx'
import type { CallStats } from '../../../src/shared/contract/calls.ts'
import type { Integration } from '../../../src/shared/contract/integrations.ts'
import { connection, integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'
import { stubResizeObserver } from './without-layout.ts'

// jsdom draws nothing.
vi.mock('uplot', () => ({
  default: class {
    static paths = {}
    setData = vi.fn()
    setSize = vi.fn()
    redraw = vi.fn()
    destroy = vi.fn()
  },
}))
stubResizeObserver()

afterEach(() => {
  vi.useRealTimers()
  closeConsole()
})

const stats: CallStats = {
  minutes: Array.from({ length: 60 }, (_, minute) => ({
    at: new Date(Date.parse('2026-11-24T13:00:00.000Z') + minute * 60_000).toISOString(),
    calls: minute === 59 ? 40 : 1,
    errors: minute === 59 ? 2 : 0,
  })),
  calls: 99,
  errors: 2,
  p50_ms: 120.4,
  p95_ms: 1_240,
  agents: ['claude-code', null, 'a', 'b', 'c', 'd'].map((agent, index) => ({ agent, calls: 60 - index })),
}
const stdio: Integration['mcp'] = {
  transport: 'stdio',
  command: 'node',
  args: [],
  env: {},
  era: 'auto',
  isolation: 'shared',
}

describe('the figures of an integration', () => {
  it('are drawn and told, and asked for again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const answer = vi.fn(() => Promise.resolve(stats))
    openConsole('/integrations/notes/overview', {
      integrations: [integration('notes')],
      operations: { calls: { stats: answer } },
    })
    const words = '99 calls in the last hour, at most 40 a minute, 2 failed'
    await screen.findByRole('img', { name: `Calls per minute: ${words}` })
    screen.getByText(words)
    screen.getByText('p50 120 ms, p95 1.2 s')
    screen.getByText('claude-code')
    screen.getByText('Console')
    screen.getByText('and 1 more')
    const asked = answer.mock.calls.length
    await vi.advanceTimersByTimeAsync(10_000)
    expect(answer).toHaveBeenCalledTimes(asked + 1)
    expect(answer.mock.lastCall).toMatchObject([{ integration: 'notes' }, {}])
  })

  it('are a sentence where nobody called', () => {
    expect(hourWords({ ...stats, calls: 0, errors: 0 })).toBe('No calls in the last hour')
    expect(hourWords({ ...stats, errors: 0 })).toContain('none failed')
  })
})

describe('a server that is not started any more', () => {
  it('is explained, with its output and the way to start it', async () => {
    const message = 'It ended 5 times within 60 s of its start, so it is not started again by itself.'
    const { restart } = openConsole('/integrations/notes/overview', {
      integrations: [
        integration('notes', {
          mcp: stdio,
          connection: { ...connection('quarantined'), error: { code: 'upstream_unavailable', message } },
        }),
      ],
    })
    const failure = await screen.findByRole('region', { name: 'Last error' })
    within(failure).getByText(message)
    expect(within(failure).getByRole('link', { name: 'Show output' }).getAttribute('href')).toMatch(/notes\/output$/)
    await screen.findByText('No process is running.')
    await userEvent.click(within(failure).getByRole('button', { name: 'Restart' }))
    expect(restart.mock.lastCall?.[0]).toEqual({ name: 'notes' })
  })
})
