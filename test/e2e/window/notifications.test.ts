import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { startPrometheus } from '../../integration/prometheus/processes.ts'
import { scrape, Shop } from '../../integration/prometheus/shop.ts'
import { accessibilityProblems } from '../helpers/accessibility.ts'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'

/** Neither ends because a scrape was late on a busy machine. */
const RULES = `groups:
  - name: shop
    rules:
      - alert: CheckoutFails
        expr: last_over_time(shop_errors[5s]) > 5
        labels: { severity: high }
        annotations: { summary: 'Checkout of {{ $labels.job }} fails' }
      - alert: CacheIsCold
        expr: last_over_time(shop_cold[5s]) > 0
        labels: { severity: low }
        annotations: { summary: 'The cache of {{ $labels.job }} is cold' }
`

const PATIENT = { timeout: 60_000 }

/** Takes whatever is sent to it. */
async function startReceiver() {
  const received: unknown[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push(JSON.parse(body))
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

const partOf = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts of the notifications' }).getByRole('link', { name })

async function connectPrometheus(page: Page, endpoint: string): Promise<void> {
  await page.getByRole('row', { name: /Prometheus/ }).press('Enter')
  const form = page.getByRole('form', { name: 'Set up Prometheus' })
  await form.getByLabel('Endpoint').fill(endpoint)
  await form.getByLabel('Scrape interval').fill('5')
  expect(await accessibilityProblems(page)).toEqual([])
  await form.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('status').getByText('Connected').first().waitFor()
}

async function connectWebhook(page: Page, url: string): Promise<void> {
  await page.getByRole('link', { name: 'Notifications' }).click()
  await page.getByRole('link', { name: 'Add a channel: Webhook' }).click()
  await page.getByLabel('Name', { exact: true }).fill('On call')
  await page.getByLabel('URL').fill(url)
  await page.keyboard.press('Control+Enter')
  const saved = page.getByRole('dialog', { name: 'On call is saved' })
  expect(await saved.getByLabel('Signing secret').textContent()).toMatch(/^whsec_/)
  await saved.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('columnheader', { name: /On call/ }).waitFor()
}

test(
  'an alert of a Prometheus is an incident that a webhook is told of, until it is over',
  { timeout: 300_000 },
  async () => {
    const shop = await Shop.open({ shop_errors: 0, shop_cold: 0 })
    const prometheus = await startPrometheus({ scrapes: () => scrape('shop', shop.address), rules: RULES })
    const { received, url } = await startReceiver()
    const { page } = await openDesktop({ dataDir: await temporaryDataDir() })

    await connectPrometheus(page, prometheus.url)
    await connectWebhook(page, url)
    await partOf(page, 'Rules').click()
    const box = page.getByRole('checkbox', { name: 'HIGH incidents only to On call' })
    await box.check()
    await expect.poll(() => box.isChecked()).toBe(true)
    expect(await accessibilityProblems(page)).toEqual([])

    Object.assign(shop.values, { shop_errors: 20, shop_cold: 1 })
    await page.getByRole('link', { name: /^Incidents/ }).click()
    const row = page.getByRole('row', { name: /High.*Checkout of shop fails/ })
    await row.getByText('Open').waitFor(PATIENT)
    await page.getByRole('row', { name: /Low.*The cache of shop is cold.*Open/ }).waitFor(PATIENT)
    await expect.poll(() => received.length, PATIENT).toBe(1)
    expect(JSON.stringify(received)).toContain('Checkout of shop fails')
    await row.press('Enter')
    const pane = page.getByRole('region', { name: /^Incident #/ })
    await pane.getByRole('region', { name: 'Notices' }).getByText('Delivered').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])

    Object.assign(shop.values, { shop_errors: 0 })
    await pane.getByText('Resolved', { exact: true }).first().waitFor(PATIENT)
    // What is low was told to nobody, and neither will its end be.
    await expect.poll(() => received.length, PATIENT).toBe(2)
    await page.keyboard.press('Escape')
    await pane.waitFor({ state: 'detached' })
    await row.getByText('Resolved').waitFor()

    await page.getByRole('link', { name: 'Notifications' }).click()
    await partOf(page, 'Deliveries').click()
    await page.getByRole('row', { name: /Resolved.*Checkout of shop fails/ }).press('Enter')
    const delivery = page.getByRole('region', { name: 'Delivery to On call' })
    await delivery.getByRole('group', { name: 'Request' }).getByText('webhook-id').waitFor()
    expect(await delivery.textContent()).not.toContain('whsec_')
    expect(await accessibilityProblems(page)).toEqual([])
  },
)
