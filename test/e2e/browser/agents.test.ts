import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, onTestFinished, test } from 'vitest'
import { goTo, shareConsole } from '../helpers/running-console.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const memory = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-memory/dist/index.js'))
const shared = shareConsole({
  servers: { everything: { command: process.execPath, args: [everything, 'stdio'] } },
})

test('an agent that is given a profile sees fewer tools at once, in the session it has', async () => {
  const { running } = shared
  const client = running.client()
  await expect.poll(async () => (await client.tools.list({})).items.length).toBeGreaterThan(5)
  const { token } = await client.agents.create({ name: 'assistant' })
  await client.profiles.create({ name: 'Echo only', enabled_tools: ['everything__echo'] })

  const agent = new Client({ name: 'e2e-agent', version: '1' })
  const requestInit = { headers: { Authorization: `Bearer ${token}` } }
  await agent.connect(new StreamableHTTPClientTransport(new URL(running.mcpUrl), { requestInit }))
  onTestFinished(() => agent.close())
  const told: string[] = []
  agent.setNotificationHandler(ToolListChangedNotificationSchema, ({ method }) => void told.push(method))
  const served = async () =>
    (await agent.listTools()).tools.map(({ name }) => name).filter((name) => name.includes('__'))
  expect((await served()).length).toBeGreaterThan(5)

  const page = await shared.open()
  await page.getByRole('link', { name: /^Agents/ }).click()
  const row = page.getByRole('row', { name: /assistant/ })
  await row.getByText(/^\d+ tools$/).waitFor()
  await row.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Edit assistant' })
  await dialog.getByRole('combobox', { name: 'Profile' }).click()
  await page.getByRole('option', { name: 'Echo only' }).click()
  await dialog.getByText('It sees 1 tool now.').waitFor()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row', { name: /assistant.*Echo only.*1 tool/ }).waitFor()
  await expect.poll(() => told.length).toBeGreaterThan(0)
  expect(await served()).toEqual(['everything__echo'])

  await row.getByRole('button', { name: 'Menu of assistant' }).click()
  await page.getByRole('menuitem', { name: 'Revoke…' }).click()
  await page.getByRole('alertdialog', { name: 'Revoke assistant?' }).getByRole('button', { name: 'Revoke' }).click()
  await row.waitFor({ state: 'detached' })
  await expect(agent.listTools()).rejects.toThrow()
})

test('of many servers in a config, the broken ones are named and the others come in', async () => {
  const { running } = shared
  await mkdir(join(running.home, '.cursor'))
  const config = join(running.home, '.cursor', 'mcp.json')
  const found = {
    'Team Notes': { command: process.execPath, args: [memory], env: { NOTES_TOKEN: 'secret-of-the-notes-0123456789' } },
    weather: { url: 'http://127.0.0.1:9/mcp' },
    broken: { args: ['without a command'] },
  }
  await writeFile(config, JSON.stringify({ mcpServers: found }, null, 2))
  const before = await readFile(config, 'utf8')

  const page = await shared.open()
  await page.getByRole('button', { name: 'Add integration' }).click()
  await page.getByRole('menuitem', { name: 'Import config' }).click()
  await page.getByText('3 servers found, 2 chosen').waitFor()
  const broken = page.getByRole('checkbox', { name: 'Import broken' })
  expect(await broken.isDisabled()).toBe(true)
  await page
    .getByRole('listitem')
    .filter({ has: broken })
    .getByText(/neither a command nor a URL/)
    .waitFor()
  await page.getByText(/1 secret to the vault · becomes team-notes/).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('link', { name: 'team-notes' }).waitFor()
  await page.getByRole('link', { name: 'weather' }).waitFor()
  expect(await readFile(config, 'utf8')).toBe(before)
  expect(await page.content()).not.toContain('secret-of-the-notes')

  await goTo(page, '/integrations')
  await page
    .getByRole('row', { name: /team-notes/ })
    .getByText('Connected', { exact: true })
    .waitFor()
  await goTo(page, '/integrations/import')
  await page.getByText('3 servers found, 0 chosen').waitFor()
})
