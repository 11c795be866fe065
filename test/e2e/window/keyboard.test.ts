import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { sections } from '../../../src/renderer/commands.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'
import { focus, press, tabTo } from '../helpers/keyboard.ts'

const keyOf = (section: string) => `Control+${sections.findIndex(({ id }) => id === section) + 1}`

/** Takes whatever is sent to it. */
async function startReceiver(): Promise<string> {
  const server = createServer((request, response) => request.resume().on('end', () => response.end()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

async function openWindow() {
  const { page, run } = await openDesktop({ dataDir: await temporaryDataDir() })
  const client = createHttpClient({ apiUrl: run.api_url, token: run.admin_token, workspace: 'default' })
  await page.getByRole('row', { name: /PagerDuty/ }).waitFor()
  await press(page, 'Control+f Escape', /^row /)
  return { page, client }
}

async function addWebhook(page: Page, url: string): Promise<void> {
  await press(page, keyOf('notifications'), /^main/)
  await tabTo(page, /^a Add a channel: Webhook/)
  await press(page, 'Enter', /^input URL/)
  // What is missing has the focus.
  await press(page, 'Control+Enter', /^input URL/)
  await page.getByText(/^Enter a full URL/).waitFor()
  await page.keyboard.type(url)
  await tabTo(page, /^button Add header/)
  await press(page, 'Enter', /^input Name of header 1/)
  await tabTo(page, /^button Remove header 1/)
  await press(page, 'Enter', /^button Add header/)
  await tabTo(page, /^button For 1 h/)
  await press(page, 'Enter', /^button Unmute/)
  await press(page, 'Enter', /^button For /)
  await press(page, 'Control+Enter', /^button Copy/)
  // It is shown once, so that Escape does not close it.
  await press(page, 'Escape', /^button Copy/)
  await press(page, 'Tab', /^button Done/)
  await press(page, 'Enter', /^main/)
}

test('incidents and notifications are used without a mouse', { timeout: 120_000 }, async () => {
  const { page, client } = await openWindow()
  await addWebhook(page, await startReceiver())
  await tabTo(page, /^input HIGH incidents only to Webhook/)
  await page.keyboard.press('Space')
  await expect.poll(async () => (await client.rules.list()).items.length).toBe(1)

  await client.events.create({ title: 'Cache is cold', severity: 'low' })
  await press(page, keyOf('incidents'), /^row #1LowCache is cold/)
  await tabTo(page, /^button Report an incident/, 'Shift+Tab')
  await press(page, 'Enter', /^input What happened/)
  await page.keyboard.type('Door is open')
  await press(page, 'Tab ArrowLeft', /^input High/)
  await press(page, 'Control+Enter', /^section Incident #2/)
  await tabTo(page, /^button Acknowledge/)
  await press(page, 'Enter', /^button Resolve/)
  await press(page, 'Shift+Tab', /^textarea Note/)
  await page.keyboard.type('On my way')
  await tabTo(page, /^button Add note/)
  await press(page, 'Enter', /^textarea Note/)
  await page.getByText('On my way').waitFor()
  await tabTo(page, /^combobox Severity of the incident/)
  await press(page, 'Enter', /^option High/)
  await press(page, 'ArrowUp Enter', /^combobox Severity/)
  await page.getByRole('row', { name: /#2.*Critical/ }).waitFor()
  await tabTo(page, /^button Resolve/, 'Shift+Tab')
  await press(page, 'Enter', /^textarea Note/)
  await page.getByText('resolved by').waitFor()
  await press(page, 'Escape', /^row #2.*Resolved/)

  await press(page, 'Control+f', /^input/)
  await page.keyboard.type('cache')
  await page.getByText('1 hidden by filters').waitFor()
  await tabTo(page, /^button Clear/, 'Shift+Tab')
  await press(page, 'Enter', /^row /)
  await press(page, 'Control+f', /^input/)
  await page.keyboard.type('nobody')
  await page.getByText('Nothing matches.').waitFor()
  await tabTo(page, /^button Clear filters/)
  await press(page, 'Enter', /^row /)

  await press(page, keyOf('notifications'), /^main/)
  await tabTo(page, /^a Deliveries/)
  await press(page, 'Enter', /^a Deliveries/)
  await page.getByRole('row', { name: /Resolved.*Door is open/ }).waitFor()
  await tabTo(page, /^row /)
  await press(page, 'Enter', /^section Delivery to Webhook/)
  await press(page, 'Escape', /^row /)
})

test(
  'what is deleted leaves the focus beside it, and what is not deleted where it was',
  { timeout: 120_000 },
  async () => {
    const { page, client } = await openWindow()
    for (const name of ['One', 'Two']) await client.rules.create({ name, when: { types: ['incident'] }, channels: [] })
    await client.hook_tokens.create({ name: 'prometheus' })
    const confirmAtMenu = async (of: string): Promise<void> => {
      await tabTo(page, new RegExp(`^button Menu of ${of}`))
      await press(page, 'Enter', /^menuitem Edit/)
      await press(page, 'End', /^menuitem Delete/)
      await press(page, 'Enter', /^button Cancel/)
    }
    await press(page, keyOf('notifications'), /^main/)
    await confirmAtMenu('One')
    await press(page, 'Tab Enter', /^a Two/)
    await confirmAtMenu('Two')
    await press(page, 'Escape', /^button Menu of Two/)
    await press(page, 'Enter', /^menuitem Edit/)
    await press(page, 'End Enter', /^button Cancel/)
    await press(page, 'Tab Enter', /^button Add rule/)

    await press(page, 'Enter', /^input Name/)
    await page.keyboard.type('Three')
    await tabTo(page, /^button Add condition/)
    await press(page, 'Enter', /^input Label of condition 1/)
    await tabTo(page, /^button Remove condition 1/)
    await press(page, 'Enter', /^button Add condition/)
    await press(page, 'Control+s', /^main/)
    await page.getByRole('link', { name: 'Three' }).waitFor()

    await tabTo(page, /^a Sources/)
    await press(page, 'Enter', /^a Sources/)
    await page.getByRole('button', { name: 'Revoke prometheus' }).waitFor()
    await tabTo(page, /^button Revoke prometheus/)
    await press(page, 'Enter', /^button Cancel/)
    await press(page, 'Tab Enter', /^button Add hook token/)
    await press(page, 'Enter', /^input Name/)
    await page.keyboard.type('alertmanager')
    await press(page, 'Enter', /^button Copy/)
    await tabTo(page, /^button Done/)
    await press(page, 'Enter', /^button Add hook token/)
  },
)

test('a system integration is set up, verified and forgotten without a mouse', { timeout: 120_000 }, async () => {
  const { page } = await openWindow()
  await press(page, 'Control+f', /^input/)
  await page.keyboard.type('prometheus')
  await press(page, 'Enter', /^row .*Prometheus/)
  await press(page, 'Enter', /^main/)
  await tabTo(page, /^input Endpoint/)
  await page.keyboard.type('http://127.0.0.1:9')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Save anyway' }).waitFor()
  await tabTo(page, /^button Save anyway/)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Metrics' }).waitFor()
  await expect.poll(() => focus(page)).toMatch(/^main/)

  await tabTo(page, /^button Verify connection/)
  await press(page, 'Enter', /^button Close/)
  await press(page, 'Escape', /^button Verify connection/)
  await tabTo(page, /^a Metrics/)
  await press(page, 'Enter', /^a Metrics/)
  await page.getByText('Targets up').waitFor()
  await tabTo(page, /^button Add query/)
  await press(page, 'Enter', /^input Name/)
  await page.keyboard.type('All up')
  await press(page, 'Tab', /^textarea/)
  await page.keyboard.type('up')
  await press(page, 'Control+Enter', /^button Add query/)
  await page.getByRole('region', { name: 'All up' }).waitFor()
  await tabTo(page, /^button Remove All up/)
  await press(page, 'Enter', /^button Cancel/)
  await press(page, 'Escape', /^button Remove All up/)
  await press(page, 'Enter', /^button Cancel/)
  await press(page, 'Tab Enter', /^button Add query/)

  await tabTo(page, /^a Connection/, 'Shift+Tab')
  await press(page, 'Enter', /^a Connection/)
  await page.getByRole('form', { name: 'Set up Prometheus' }).waitFor()
  await tabTo(page, /^button Forget setup/)
  await press(page, 'Enter', /^button Cancel/)
  await press(page, 'Tab Enter', /^main/)
  await page.getByText('Needs setup').waitFor()
})
