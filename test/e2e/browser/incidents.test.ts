import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { accessibilityProblems } from '../helpers/accessibility.ts'
import { goTo, shareConsole } from '../helpers/running-console.ts'

const shared = shareConsole()

interface Received {
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

/** Takes whatever is sent to it, for one test. */
async function startReceiver() {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body: JSON.parse(body) as Record<string, unknown> })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

test('a webhook is connected, told of what is bad, and of its end', { timeout: 240_000 }, async () => {
  const { received, url } = await startReceiver()
  const client = shared.running.client()
  const page = await shared.open({ reducedMotion: 'reduce' })

  await page.getByRole('link', { name: 'Notifications' }).click()
  await page.getByRole('link', { name: 'Add a channel: Webhook' }).click()
  await page.getByLabel('Name', { exact: true }).fill('On call')
  await page.getByLabel('URL').fill(url)
  await page.getByRole('region', { name: 'Test notice' }).getByRole('button', { name: 'Send test' }).click()
  await page.getByText(/^Delivered to /).waitFor()
  await page.keyboard.press('Control+Enter')
  const shown = page.getByRole('dialog', { name: 'On call is saved' })
  expect(await shown.getByLabel('Signing secret').textContent()).toMatch(/^whsec_/)
  await shown.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('columnheader', { name: /On call/ }).waitFor()

  await goTo(page, '/notifications/rules')
  const box = page.getByRole('checkbox', { name: 'HIGH incidents only to On call' })
  await box.check()
  await expect
    .poll(async () => (await client.rules.list()).items.map(({ preset }) => preset))
    .toEqual(['high_incidents'])
  expect(await accessibilityProblems(page)).toEqual([])

  const before = received.length
  await client.events.create({ title: 'A cache is cold', severity: 'low', dedupe_key: 'cache' })
  const bad = await client.events.create({
    title: 'Checkout answers <b>500</b>',
    description: '<img src="http://evil.example/x.png">',
    severity: 'high',
    service: 'checkout',
    dedupe_key: 'checkout',
    links: ['https://runbooks.example.com/checkout'],
  })
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(before + 1)
  const [told] = received.slice(before)
  expect(told?.headers['webhook-signature']).toMatch(/^v1,/)
  expect(JSON.stringify(told?.body)).toContain('Checkout answers')

  await page.getByRole('link', { name: /^Incidents/ }).click()
  await page.getByRole('row', { name: /#1.*Low.*A cache is cold.*Open/ }).waitFor()
  const row = page.getByRole('row', { name: /#2.*High/ })
  await row.press('Enter')
  const pane = page.getByRole('region', { name: 'Incident #2' })
  await pane.getByRole('region', { name: 'Description' }).getByText('<img src="http://evil.example/x.png">').waitFor()
  await pane.getByRole('link', { name: 'Open runbooks.example.com' }).waitFor()
  await pane.getByRole('button', { name: 'Who was told? 1 channel' }).first().click()
  await pane
    .getByRole('list', { name: 'Decisions of the rules' })
    .getByText('HIGH incidents only', { exact: true })
    .waitFor()
  await pane.getByRole('region', { name: 'Notices' }).getByText('Delivered').first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])

  await pane.getByLabel('Note').fill('Rolled back')
  await pane.getByRole('button', { name: 'Resolve' }).click()
  await pane.getByText('Resolved', { exact: true }).first().waitFor()
  await pane.getByText('Rolled back').first().waitFor()
  await page.getByRole('row', { name: /#2.*Resolved/ }).waitFor()
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(before + 2)
  expect((await client.incidents.get({ id: bad.incident_id ?? '' })).status).toBe('resolved')
  await page.keyboard.press('Escape')
  await pane.waitFor({ state: 'detached' })

  await page.getByRole('row', { name: /#1/ }).press('Enter')
  const low = page.getByRole('region', { name: 'Incident #1' })
  await low.getByRole('button', { name: 'Why was nobody told?' }).click()
  await low.getByText(/did not match/).waitFor()

  await goTo(page, '/notifications/deliveries')
  await page.getByRole('row', { name: /Resolved.*Checkout/ }).press('Enter')
  const delivery = page.getByRole('region', { name: 'Delivery to On call' })
  await delivery.getByRole('group', { name: 'Request' }).getByText('webhook-id').waitFor()
  expect(await delivery.textContent()).not.toContain('whsec_')
  expect(await accessibilityProblems(page)).toEqual([])
})

test('a rule shows what it would have made of the last events', { timeout: 120_000 }, async () => {
  const client = shared.running.client()
  for (const team of ['core', 'web']) {
    await client.events.create({ title: `Disk of ${team} is full`, severity: 'medium', labels: { team } })
  }
  const page = await shared.open({ reducedMotion: 'reduce' })
  await goTo(page, '/notifications/rules/new')
  await page.getByLabel('Name').fill('Core team')
  await page.getByRole('button', { name: 'Add condition' }).click()
  await page.getByLabel('Label of condition 1').fill('team')
  await page.getByLabel('Value of team').fill('core')
  await page.getByText(/^Of the last \d+ events 1 would have matched\.$/).waitFor()
  await page.getByRole('switch', { name: 'Quiet hours' }).check()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('Control+s')
  await page.getByRole('list', { name: 'Rules' }).getByText('Core team').waitFor()
})
