import { afterEach, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'
import { startAlertmanager, startPrometheus, until } from './processes.ts'
import { scrape, Shop } from './shop.ts'

const RULES = `groups:
  - name: shop
    rules:
      - alert: HighErrorRate
        expr: last_over_time(shop_errors[5s]) > 5 <= 50
        labels: { severity: high }
        annotations: { summary: Many errors }
      - alert: HighErrorRate
        expr: last_over_time(shop_errors[5s]) > 50
        labels: { severity: critical }
        annotations: { summary: Most requests fail }
`

let app: TestApp | undefined
afterEach(async () => {
  await app?.close()
  app = undefined
})

it('a real Alertmanager tells of an alert, of its severity and of its end', async () => {
  app = await startTestApp()
  const client = app.client()
  const { token } = await client.hook_tokens.create({ name: 'alertmanager' })
  const alertmanager = await startAlertmanager({ url: `${app.origin}/hooks/alertmanager`, token })
  const shop = await Shop.open({ shop_errors: 20 })
  await startPrometheus({
    scrapes: () => scrape('shop', shop.address, { cluster: 'eu' }),
    rules: RULES,
    alertmanager: `127.0.0.1:${alertmanager.port}`,
  })
  const found = async () => (await client.incidents.list({ limit: 100 })).items
  const [opened] = await until('the alert is an incident', async () => {
    const all = await found()
    return all.length > 0 && all
  })
  expect(opened).toMatchObject({
    title: 'Many errors',
    severity: 'high',
    status: 'open',
    source: 'eu',
    service: 'shop',
  })
  shop.values.shop_errors = 90
  await until('it got worse', async () => (await found()).some(({ severity }) => severity === 'critical'))
  expect((await found()).filter(({ status }) => status !== 'resolved').map(({ id }) => id)).toEqual([opened?.id])
  shop.values.shop_errors = 0
  await until('it is over', async () => (await found()).every(({ status }) => status === 'resolved'), { forMs: 55_000 })
  expect((await found()).map(({ id }) => id)).toEqual([opened?.id])
})
