import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { accessibilityProblems } from '../helpers/accessibility.ts'
import { openBrowser, openTab, serveConsole } from '../helpers/browser-console.ts'

/** A home folder in which Cursor has a server with a secret, and the console of a gateway that lives there. */
async function openHome(): Promise<{ page: Page; config: string }> {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-home-'))
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
  await mkdir(join(home, '.cursor'))
  const config = join(home, '.cursor', 'mcp.json')
  const server = { command: process.execPath, args: ['--version'], env: { API_TOKEN: 'sk-0123456789abcdef0123' } }
  await writeFile(config, JSON.stringify({ mcpServers: { weather: server } }, null, 2))
  const link = await serveConsole({ HOME: home, USERPROFILE: home, XDG_CONFIG_HOME: join(home, '.config') })
  const page = await openTab(await openBrowser(), link, { reducedMotion: 'reduce' })
  await page.getByRole('row', { name: /everything/ }).waitFor()
  return { page, config }
}

const open = (page: Page, hash: string) =>
  page.evaluate((to) => {
    window.location.hash = to
  }, hash)

test('a client is connected after its diff was shown, disconnected, and its file put back', async () => {
  const { page, config } = await openHome()
  const before = await readFile(config, 'utf8')
  await open(page, '/agents?tab=connect')
  await page.getByRole('button', { name: 'Write config of Cursor' }).click()
  const change = page.getByRole('region', { name: 'Changes to the configuration of Cursor' })
  await change.getByText('"gatehouse"').waitFor()
  expect(await change.innerText()).not.toContain('sk-0123456789abcdef0123')
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await readFile(config, 'utf8')).toBe(before)

  await page.getByRole('button', { name: 'Write config', exact: true }).click()
  await page.getByText(/^Connected as /).waitFor()
  const written = JSON.parse(await readFile(config, 'utf8')) as { mcpServers: Record<string, unknown> }
  expect(Object.keys(written.mcpServers)).toEqual(['weather', 'gatehouse'])
  const token = /ghk_[\w-]+/.exec(await readFile(config, 'utf8'))?.[0]
  expect(token).toBeDefined()
  expect(await page.content()).not.toContain(token)

  await page.getByRole('button', { name: 'Disconnect Cursor' }).click()
  await page.getByText('Connected as').waitFor({ state: 'detached' })
  expect(JSON.parse(await readFile(config, 'utf8'))).toEqual(JSON.parse(before))
  // The newest copy is of what stood there before that: the gateway with a token that ended.
  await page.getByRole('button', { name: 'Restore backup of Cursor' }).click()
  await page.getByText('Its address or token is no longer good').waitFor()
  expect(await readFile(config, 'utf8')).toContain(token)
  await page.getByRole('button', { name: 'Write config of Cursor' }).waitFor()
})

test('a server of a client is moved in, its secret into the vault and out of the file', async () => {
  const { page, config } = await openHome()
  await page.getByRole('button', { name: 'Add integration' }).click()
  await page.getByRole('menuitem', { name: 'Import config' }).click()
  await page.getByText('1 server found, 1 chosen').waitFor()
  await page.getByText(/1 secret to the vault/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByLabel("Remove from the client's config (a backup is kept)").check()
  await page.getByRole('button', { name: 'Import 1 server' }).click()
  await page.getByRole('link', { name: 'weather' }).waitFor()
  expect(await readFile(config, 'utf8')).not.toContain('sk-0123456789abcdef0123')
  await page.getByRole('link', { name: 'weather' }).click()
  await page.getByRole('heading', { name: 'weather' }).waitFor()
  expect(await page.content()).not.toContain('sk-0123456789abcdef0123')
})

test('a profile is made with the count that results, and an agent gets it', async () => {
  const { page } = await openHome()
  await open(page, '/agents?tab=profiles')
  await page.getByRole('button', { name: 'Add profile' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add profile' })
  await dialog.getByLabel('Name').fill('Echo only')
  await dialog.getByLabel('Allow list').fill('everything__echo')
  await dialog.getByLabel('Allow list').press('Enter')
  await dialog.getByText(/^Shows 1 of \d+ tools/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Add profile' }).click()
  await page.getByRole('row', { name: /Echo only/ }).waitFor()

  await page.getByRole('link', { name: /^Agents \d/ }).click()
  await page.getByRole('row', { name: /default/ }).press('Enter')
  await page.getByRole('combobox', { name: 'Profile' }).click()
  await page.getByRole('option', { name: 'Echo only' }).click()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row', { name: /default.*Echo only.*1 tool/ }).waitFor()
})
