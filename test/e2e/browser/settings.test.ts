import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { connectAgents } from '../helpers/agents.ts'
import { goTo, shareConsole } from '../helpers/running-console.ts'

const passphrase = 'correct horse battery staple'
const shared = shareConsole({ env: { GATEHOUSE_VAULT: 'passphrase', GATEHOUSE_PASSPHRASE: passphrase } })

async function openSettings(part: string, options: Parameters<typeof shared.open>[0] = {}): Promise<Page> {
  const page = await shared.open({ reducedMotion: 'reduce', ...options })
  await page.getByRole('link', { name: 'Settings' }).click()
  const parts = page.getByRole('navigation', { name: 'Parts of the settings' })
  await parts.getByRole('link', { name: part }).click()
  return page
}

const rowHeight = (page: Page) =>
  page
    .getByRole('grid', { name: 'Integrations' })
    .getByRole('row', { name: /slack/ })
    .evaluate((row) => row.getBoundingClientRect().height)

const themeOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).color)

test('theme and density are used at once and kept', async () => {
  const page = await openSettings('General', { colorScheme: 'light' })
  const look = page.getByRole('region', { name: 'Appearance' })
  const light = await themeOf(page)
  await look.getByRole('radio', { name: 'Dark' }).check({ force: true })
  await expect.poll(() => themeOf(page)).not.toBe(light)
  await look.getByRole('radio', { name: 'Compact' }).check({ force: true })

  await page.reload()
  expect(await look.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true)
  await expect.poll(() => themeOf(page)).not.toBe(light)
  await goTo(page, '/integrations')
  await expect.poll(() => rowHeight(page)).toBe(32)

  await goTo(page, '/settings/general')
  await look.getByRole('radio', { name: 'Comfortable' }).check({ force: true })
  await look.getByRole('radio', { name: 'System' }).check({ force: true })
  await expect.poll(() => themeOf(page)).toBe(light)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(() => themeOf(page)).not.toBe(light)
  await goTo(page, '/integrations')
  await expect.poll(() => rowHeight(page)).toBe(44)
})

test('a locked vault says so everywhere, and opens with its passphrase; a new one takes its place', async () => {
  const client = shared.running.client()
  const page = await openSettings('General', { expected: /status of 422/ })
  await client.integrations.create({
    name: 'secretive',
    mcp: { transport: 'http', server_url: 'http://127.0.0.1:9/mcp' },
    auth_type: 'bearer',
    credentials: { api_token: 'a-secret-value' },
  })
  await page.getByRole('link', { name: 'Vault' }).click()
  const secrets = page.getByRole('region', { name: 'Secrets' })
  await secrets.getByText('1 secret', { exact: true }).waitFor()
  await secrets.getByRole('button', { name: 'Lock' }).click()
  await secrets.getByText('Locked', { exact: true }).waitFor()
  await goTo(page, '/integrations')
  await page
    .getByRole('row', { name: /secretive/ })
    .getByText('Locked', { exact: true })
    .waitFor()
  await page.getByText('The vault is locked').waitFor()

  await page.getByRole('button', { name: 'Unlock' }).first().click()
  const unlock = page.getByRole('dialog', { name: 'Unlock the vault' })
  await unlock.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await unlock.getByLabel('Passphrase', { exact: true }).press('Enter')
  await unlock.waitFor({ state: 'detached' })
  await page.getByText('The vault is locked').waitFor({ state: 'detached' })

  const next = 'another passphrase that is long'
  await goTo(page, '/settings/vault')
  await page.getByRole('button', { name: 'Rotate key' }).click()
  const rotate = page.getByRole('dialog', { name: 'Rotate the key' })
  await rotate.getByLabel('New passphrase', { exact: true }).fill(next)
  await rotate.getByLabel('The same passphrase again', { exact: true }).fill(next)
  await rotate.getByRole('button', { name: 'Rotate key' }).click()
  await rotate.waitFor({ state: 'detached' })

  await secrets.getByRole('button', { name: 'Lock' }).click()
  await secrets.getByRole('button', { name: 'Unlock' }).click()
  await unlock.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await unlock.getByRole('button', { name: 'Unlock' }).click()
  await unlock.getByText('This passphrase is wrong.').waitFor()
  await unlock.getByLabel('Passphrase', { exact: true }).fill(next)
  await unlock.getByRole('button', { name: 'Unlock' }).click()
  await unlock.waitFor({ state: 'detached' })
  await secrets.getByText('Unlocked', { exact: true }).waitFor()
  await client.integrations.remove({ name: 'secretive' })
})

test('on a plan without them, custom integrations can be read and not changed', async () => {
  const client = shared.running.client()
  await client.integrations.create({
    name: 'local-notes',
    mcp: { transport: 'stdio', command: process.execPath, args: ['--version'] },
  })
  const page = await openSettings('Plan')
  await page.getByRole('button', { name: 'Change to Free' }).click()
  await page.getByRole('button', { name: 'Change to Enterprise' }).waitFor()
  await goTo(page, '/integrations')
  const add = page.getByRole('button', { name: 'Add integration' })
  await expect.poll(() => add.getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('note').getByText('Custom integrations need the Enterprise plan').waitFor()
  await add.focus()
  await page.keyboard.press('Enter')
  expect(await page.getByRole('menu').count()).toBe(0)
  const row = page.getByRole('row', { name: /local-notes/ })
  expect(await row.getByRole('switch').isDisabled()).toBe(true)
  await row.press('Backspace')
  await row.getByRole('button', { name: 'Menu of local-notes' }).click()
  expect(await page.getByRole('menuitem', { name: 'Delete' }).getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('menuitem', { name: 'Edit connection' }).click()
  await page.getByLabel('Command', { exact: true }).waitFor()
  expect((await client.integrations.get({ name: 'local-notes' })).name).toBe('local-notes')

  await goTo(page, '/integrations')
  await page.getByRole('link', { name: 'See plan' }).click()
  await page.getByRole('button', { name: 'Change to Enterprise' }).click()
  await page.getByRole('button', { name: 'Change to Free' }).waitFor()
  await goTo(page, '/integrations')
  await expect.poll(() => add.getAttribute('aria-disabled')).toBe(null)
  await client.integrations.remove({ name: 'local-notes' })
})

test('what is exported is applied elsewhere, and names the secrets that are still to be given', async () => {
  const client = shared.running.client()
  await client.integrations.create({
    name: 'billing',
    mcp: { transport: 'http', server_url: 'http://127.0.0.1:9/mcp' },
    auth_type: 'bearer',
    credentials: { api_token: 'a-secret-value' },
  })
  const page = await openSettings('General')
  await page.getByRole('button', { name: 'Export' }).click()
  const exported = page.getByLabel('Exported configuration')
  await exported.getByText('billing').waitFor()
  const document = await exported.innerText()
  expect(document).not.toContain('a-secret-value')
  await page.keyboard.press('Escape')

  await client.workspaces.create({ name: 'elsewhere', plan: 'enterprise' })
  await page.getByRole('button', { name: /^Workspace / }).click()
  await page.getByRole('menuitemradio', { name: /^elsewhere/ }).click()
  await page.getByRole('button', { name: /^Workspace elsewhere/ }).waitFor()
  await goTo(page, '/integrations')
  await page.getByText('No custom integrations yet. Add your first MCP server.').waitFor()
  await page.getByRole('button', { name: 'Add integration' }).click()
  await page.getByRole('menuitem', { name: 'Import config' }).click()
  await page.getByRole('radio', { name: 'File or text' }).check({ force: true })
  await page.getByLabel(/^An export of Gatehouse/).fill(document)
  await page.keyboard.press('Control+Enter')
  const plan = page.getByRole('region', { name: 'What it would change' })
  await plan.getByRole('listitem').filter({ hasText: 'billing' }).getByText('Add').waitFor()
  const { items } = await shared.running.client('elsewhere').integrations.list({})
  expect(items.filter(({ source }) => source === 'custom')).toEqual([])
  await page.keyboard.press('Control+Enter')
  const applied = page.getByRole('region', { name: 'Applied' })
  await applied.getByRole('listitem').filter({ hasText: 'billing' }).getByText('api_token').waitFor()
  await applied.getByRole('link', { name: 'Give it' }).click()
  await page
    .getByRole('group', { name: 'API token' })
    .or(page.getByLabel('API token', { exact: true }))
    .waitFor()

  // Again, it changes nothing.
  await goTo(page, '/integrations/import?from=document')
  await page.getByLabel(/^An export of Gatehouse/).fill(document)
  await page.getByRole('button', { name: 'Show plan' }).click()
  await plan.getByRole('listitem').filter({ hasText: 'billing' }).getByText('No change').waitFor()
})

test('the gateway moves to another port at once, and the console with it', async () => {
  const { token } = await shared.running.client().agents.create({ name: 'traveller' })
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  await once(free, 'close')

  const page = await openSettings('Gateway', { expected: /net::ERR_|asked another host: http:\/\/127\.0\.0\.1/ })
  const field = page.getByRole('textbox', { name: 'Port' })
  await field.fill(String(port))
  await field.press('Enter')
  await page.waitForURL(`http://127.0.0.1:${port}/**`)
  await page.getByText(`127.0.0.1:${port}`, { exact: true }).waitFor()
  await page.getByText('Gateway running').waitFor()
  const { modern, legacy } = await connectAgents(`http://127.0.0.1:${port}/mcp`, token)
  expect(await modern.toolNames()).toEqual(await legacy.toolNames())
  await expect(fetch(shared.running.mcpUrl)).rejects.toThrow()
})
