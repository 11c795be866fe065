import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { tickWords } from '../../../../src/renderer/features/system/chart-look.ts'
import { seriesWords, valueWords } from '../../../../src/renderer/features/system/metric-words.ts'
import type { PrometheusStatus, StoredQuery } from '../../../../src/shared/contract/prometheus.ts'
import { connection, integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'

afterEach(closeConsole)

const status: PrometheusStatus = {
  state: 'ok',
  last_poll_at: '2026-01-02T03:04:05.000Z',
  next_poll_at: null,
  last_duration_ms: 12,
  error: null,
  firing_alerts: 2,
  clusters: [{ name: 'eu', state: 'disconnected', targets_up: 0, targets: 3, since: '2026-01-02T03:04:05.000Z' }],
  kept_points: 10,
  retention_days: 15,
}

it('shows how polling goes, and keeps the values of a query that is added', async () => {
  const stored: StoredQuery[] = []
  const create = vi.fn((given: { name: string; query: string; unit: 'number' }) => {
    const query = { ...given, id: '1', error: null, series_count: 0, created_at: '2026-01-02T03:04:05.000Z' }
    stored.push(query)
    return Promise.resolve(query)
  })
  openConsole('/integrations/prometheus/metrics', {
    integrations: [integration('prometheus', { source: 'system', mcp: null, connection: connection('connected') })],
    operations: {
      prometheus: {
        status: () => Promise.resolve(status),
        queries: () => Promise.resolve({ items: [...stored], next_cursor: null }),
        create_query: create as never,
        series: () => Promise.resolve({ step_s: 15, series: [] }),
      },
    },
  })
  expect(await screen.findByText(/2 alerts firing. Values are kept for 15 days./)).toBeTruthy()
  expect(screen.getByText(/disconnected/)).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Add query' }))
  const dialog = within(await screen.findByRole('dialog'))
  await userEvent.type(dialog.getByLabelText('Name'), 'Requests')
  await userEvent.type(dialog.getByLabelText('Query'), 'up')
  await userEvent.click(dialog.getByRole('button', { name: 'Add query' }))
  const section = await screen.findByRole('region', { name: 'Requests' })
  expect(await within(section).findByText(/No values yet/)).toBeTruthy()
  expect(create.mock.lastCall?.[0]).toEqual({ name: 'Requests', query: 'up', unit: 'number' })
})

it('takes a query by the key of a form, and asks before one is removed with its values', async () => {
  const query = { id: '1', query: 'up', unit: 'number' as const, error: null, series_count: 0, created_at: '' }
  const create = vi.fn(() => Promise.resolve({ ...query, name: 'Up' }))
  const remove = vi.fn(() => Promise.resolve())
  openConsole('/integrations/prometheus/metrics', {
    integrations: [integration('prometheus', { source: 'system', mcp: null, connection: connection('connected') })],
    operations: {
      prometheus: {
        status: () => Promise.resolve(status),
        queries: () => Promise.resolve({ items: [{ ...query, name: 'Targets' }], next_cursor: null }),
        create_query: create,
        remove_query: remove,
        series: () => Promise.resolve({ step_s: 15, series: [] }),
      },
    },
  })
  await userEvent.click(await screen.findByRole('button', { name: 'Add query' }))
  await userEvent.type(await screen.findByLabelText('Query'), 'up{Control>}{Enter}{/Control}')
  await waitFor(() => expect(create).toHaveBeenCalledWith({ name: '', query: 'up', unit: 'number' }))

  await userEvent.click(await screen.findByRole('button', { name: 'Remove Targets and its values' }))
  await screen.findByRole('alertdialog', { name: 'Remove Targets?' })
  expect(remove).not.toHaveBeenCalled()
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }))
  await waitFor(() => expect(remove).toHaveBeenCalledWith({ id: '1' }))
})

it('follows the polls of the core without being asked', async () => {
  const latest = vi.fn(() => Promise.resolve(status))
  const { stores } = openConsole('/integrations/prometheus/metrics', {
    integrations: [integration('prometheus', { source: 'system', mcp: null, connection: connection('connected') })],
    operations: { prometheus: { status: latest, queries: () => Promise.resolve({ items: [], next_cursor: null }) } },
  })
  await screen.findByText(/2 alerts firing/)
  latest.mockResolvedValue({ ...status, firing_alerts: 3 })
  act(() => stores.prometheus.getState().invalidate())
  expect(await screen.findByText(/3 alerts firing/)).toBeTruthy()
})

it.each([
  [0.5, 'ratio', '50 %'],
  [2048, 'bytes', '2 KiB'],
  [0.25, 'seconds', '250 ms'],
  [1500, 'per_second', '1.5K/s'],
  [42, 'number', '42'],
] as const)('writes %d %s as people read it', (value, unit, words) => {
  expect(valueWords(value, unit)).toBe(words)
})

it('tells series apart by their labels', () => {
  expect(seriesWords({ __name__: 'up', job: 'node' })).toBe('up job=node')
  expect(seriesWords({})).toBe('value')
})

it('says times below a picture as everywhere else, and the day where one begins', () => {
  const at = (hours: number, minutes: number): number => new Date(2026, 10, 24, hours, minutes).getTime() / 1_000
  expect(tickWords(at(14, 5), 300)).toBe('14:05')
  expect(tickWords(at(0, 0), 7_200)).toBe('24 Nov')
  expect(tickWords(at(14, 0), 86_400)).toBe('24 Nov')
})
