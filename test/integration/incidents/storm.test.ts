import { expect, it, onTestFinished, vi } from 'vitest'
import { startTestApp } from '../../helpers/start-app.ts'

vi.setConfig({ testTimeout: 240_000 })

const EVENTS = 1_000
/** Requests that are sent at a time: more than the door takes. */
const AT_ONCE = 100

async function start() {
  const app = await startTestApp()
  onTestFinished(() => app.close())
  const { token } = await app.client().hook_tokens.create({ name: 'storm' })
  const post = (path: string, body: unknown) =>
    fetch(app.origin + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return { app, post }
}

it('1,000 senders at once: what is not taken is told so and sent again, and none is lost', async () => {
  const { app, post } = await start()
  let next = 0
  const refused = { count: 0 }
  const send = async () => {
    for (let number = next++; number < EVENTS; number = next++) {
      for (;;) {
        const answer = await post('/hooks/events', { title: `event ${number}`, labels: { number: String(number) } })
        await answer.arrayBuffer()
        if (answer.status === 200) break
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
        refused.count++
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, send))
  const { total, counts } = await app.client().incidents.list({ limit: 1 })
  expect([total, counts.open]).toEqual([EVENTS, EVENTS])
})

it('1,000 alerts in one payload are taken whole, told again change nothing, and end together', async () => {
  const { app, post } = await start()
  const alerts = Array.from({ length: EVENTS }, (_, index) => ({
    status: 'firing',
    labels: { alertname: 'PodCrashes', pod: `pod-${index}`, severity: 'warning' },
    annotations: { summary: `pod-${index} crashes` },
    startsAt: '2026-01-01T10:00:00.000000001Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: index.toString(16).padStart(16, '0'),
  }))
  const body = { version: '4', groupKey: '{}', receiver: 'hook', externalURL: '', truncatedAlerts: 0 }
  expect(await (await post('/hooks/alertmanager', { ...body, alerts })).json()).toMatchObject({ accepted: EVENTS })
  expect((await post('/hooks/alertmanager', { ...body, alerts })).status).toBe(200)
  const { incidents } = app.client()
  expect((await incidents.list({ limit: 1 })).counts).toEqual({ open: EVENTS, acknowledged: 0, resolved: 0 })
  const ended = alerts.map((alert) => ({ ...alert, status: 'resolved', endsAt: '2026-01-01T11:00:00Z' }))
  expect((await post('/hooks/alertmanager', { ...body, alerts: ended })).status).toBe(200)
  expect((await incidents.list({ limit: 1 })).counts).toEqual({ open: 0, acknowledged: 0, resolved: EVENTS })
})
