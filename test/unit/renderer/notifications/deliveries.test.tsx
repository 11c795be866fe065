import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hookSnippets } from '../../../../src/renderer/features/notifications/hook-snippets.ts'
import type { DeliveryDetail, DeliveryFilter } from '../../../../src/shared/contract/deliveries.ts'
import { delivery, pageOf, time } from '../incidents/incident-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { channel, health, pageOf as notices } from './notice-fixture.ts'

afterEach(closeConsole)

const counts = { waiting: 0, retrying: 1, failed: 1 }
const error = { code: 'http_503', message: 'The receiver is down.' }
const log = [
  delivery('d2', { state: 'failed', title: 'Checkout is down', last_error: error, attempts: 3, delivered_at: null }),
  delivery('d1', { state: 'retrying', title: 'Disk is full', attempts: 2, next_attempt_at: time, delivered_at: null }),
]
const detail: DeliveryDetail = {
  ...delivery('d2', {
    state: 'failed',
    title: 'Checkout is down',
    last_error: error,
    attempts: 3,
    because: 'rule HIGH',
  }),
  preview: null,
  log: [
    {
      at: time,
      duration_ms: 12,
      request: { method: 'POST', url: 'https://x.example', headers: { 'x-key': '••••' }, body: '{"a":1}' },
      answer: { status: '503 Service Unavailable', body: '<h1>down</h1>' },
      error,
    },
  ],
}

describe('deliveries', () => {
  it('are listed with what comes next, counted, and narrowed by the address', async () => {
    const list = vi.fn(({ state }: DeliveryFilter) =>
      pageOf(
        log.filter((one) => (state ?? one.state) === one.state),
        counts,
      ),
    )
    openConsole('/notifications/deliveries', { operations: { deliveries: { list } } })
    const grid = await screen.findByRole('grid', { name: 'Deliveries' })
    expect(within(grid).getAllByRole('row')[1]?.textContent).toMatch(/Retrying \(attempt 2, next \d\d:\d\d\)/)
    screen.getByText('1 failed, 1 retrying')
    await userEvent.click(screen.getByRole('combobox', { name: 'State' }))
    await userEvent.click(await screen.findByRole('option', { name: /Failed/ }))
    await waitFor(() => expect(within(screen.getByRole('grid')).getAllByRole('row')).toHaveLength(1))
    expect(window.location.hash).toBe('#/notifications/deliveries?state=failed')
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }))
    await waitFor(() => expect(within(screen.getByRole('grid')).getAllByRole('row')).toHaveLength(2))
  })

  it('say that none matches beside one that is open', async () => {
    openConsole('/notifications/deliveries?state=delivered&delivery=d2', {
      operations: { deliveries: { list: () => pageOf([], counts), get: () => Promise.resolve(detail) } },
    })
    await screen.findByRole('region', { name: 'Delivery to On call' })
    screen.getByText(/^Nothing matches\./)
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }))
    await waitFor(() => expect(window.location.hash).toBe('#/notifications/deliveries?delivery=d2'))
  })

  it('say why they wait while their channel is not well', async () => {
    const failing = { ...health('failing'), last_error: error, retry_at: time }
    openConsole('/notifications/deliveries?delivery=d3', {
      operations: {
        channels: { list: () => notices([channel('c1', 'On call', { health: failing })]) },
        deliveries: {
          list: () => pageOf([delivery('d3', { state: 'pending' })], { waiting: 1, retrying: 0, failed: 0 }),
          get: () => Promise.resolve({ ...detail, ...delivery('d3', { state: 'pending' }) }),
        },
      },
    })
    const pane = await screen.findByRole('region', { name: 'Delivery to On call' })
    expect((await within(pane).findByText(/^It waits until On call works again\./)).textContent).toMatch(
      /The receiver is down\. The next attempt is at .*\d\d:\d\d\./,
    )
    screen.getByText('1 not sent yet')
  })

  it('claim nothing while there are none', async () => {
    openConsole('/notifications/deliveries')
    await screen.findByText(/^Nothing was sent yet\./)
    expect(screen.queryByText('Everything has arrived')).toBeNull()
  })

  it('show every attempt as text, and are sent again', async () => {
    const resend = vi.fn(() => Promise.resolve(delivery('d2')))
    openConsole('/notifications/deliveries?delivery=d2', {
      operations: {
        deliveries: { list: () => pageOf(log, counts), get: () => Promise.resolve(detail), resend },
      },
    })
    const pane = await screen.findByRole('region', { name: 'Delivery to On call' })
    expect((await within(pane).findByRole('group', { name: 'Request' })).textContent).toContain('x-key: ••••')
    expect(within(pane).getByRole('group', { name: /^Answer/ }).textContent).toBe('<h1>down</h1>')
    await userEvent.click(within(pane).getByRole('button', { name: 'Send again' }))
    expect(resend).toHaveBeenCalledWith({ id: 'd2' })
  })
})

describe('hook tokens', () => {
  it('are shown once, with a receiver that is ready to use', async () => {
    const create = vi.fn(({ name }: { name: string }) =>
      Promise.resolve({
        id: 'h1',
        name,
        created_at: time,
        last_used_at: null,
        token: 'ghh_0123456789abcdef',
        alertmanager_url: 'http://127.0.0.1:1/hooks/alertmanager',
        events_url: 'http://127.0.0.1:1/hooks/events',
      }),
    )
    openConsole('/notifications/sources', {
      operations: { hook_tokens: { list: () => pageOf([], {}), create } },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Add hook token' }))
    await userEvent.type(await screen.findByLabelText('Name'), 'alertmanager{Enter}')
    const dialog = await screen.findByRole('dialog', { name: 'alertmanager is added' })
    expect(within(dialog).getByLabelText('Token').textContent).toBe('ghh_0123456789abcdef')
    const snippet = within(dialog).getByLabelText('Configuration for Alertmanager').textContent
    expect(snippet).toContain('credentials: ghh_…cdef')
    expect(snippet).not.toContain('ghh_0123456789abcdef')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Done' }))
    await waitFor(() => expect(screen.queryByText('ghh_0123456789abcdef')).toBeNull())
  })

  it('stand whole in what is copied', () => {
    const [alertmanager, curl] = hookSnippets({ token: 'ghh_x', alertmanagerUrl: 'http://a', eventsUrl: 'http://e' })
    expect(alertmanager?.text).toContain('            credentials: ghh_x')
    expect(curl?.text).toContain("-H 'Authorization: Bearer ghh_x'")
  })
})
