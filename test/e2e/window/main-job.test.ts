import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { startKeyringSession } from '../../helpers/keyring-session.ts'
import { connectAgents } from '../helpers/agents.ts'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'
import { descendantsOf, isAlive } from '../helpers/processes.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))

test('an admin adds an MCP server, an agent calls its tools, and a restart loses nothing', async () => {
  const dataDir = await temporaryDataDir()
  const keyring = await startKeyringSession(await temporaryDataDir())
  onTestFinished(() => keyring.close())
  const desktop = { dataDir, env: { ...keyring.env, GATEHOUSE_VAULT: 'keychain', GATEHOUSE_VAULT_KEY: '' } }
  const canary = `canary-${randomBytes(12).toString('hex')}`

  const first = await openDesktop(desktop)
  await addEverything(first.page, canary)
  await blockTool(first.page, 'get-sum')
  const token = await addAgent(first.page, 'claude-code')

  const agents = await connectAgents(first.run.mcp_url, token)
  for (const agent of [agents.modern, agents.legacy]) {
    const names = await agent.toolNames()
    expect(names).toContain('everything__echo')
    expect(names).not.toContain('everything__get-sum')
    await expect(agent.call('everything__get-sum', { a: 1, b: 2 })).rejects.toThrow(/everything__get-sum/)
    expect(await agent.call('everything__echo', { message: 'over the gateway' })).toContain('over the gateway')
    // The secret reached the server that it is for.
    expect(await agent.call('everything__get-env')).toContain(canary)
  }

  const servers = serversOf(first.pid)
  expect(servers).toHaveLength(1)
  await first.quit()
  expect(servers.filter(isAlive)).toEqual([])
  expect(filesHolding(dataDir, [canary, token])).toEqual([])
  // The search itself finds what is there in the clear.
  expect(filesHolding(dataDir, [everything])).toContain(join(dataDir, 'gatehouse.db'))

  const second = await openDesktop(desktop)
  await openEverything(second.page)
  await expectConnected(second.page)
  const parts = second.page.getByRole('navigation', { name: 'Parts of everything' })
  await parts.getByRole('link', { name: /^Tools/ }).click()
  await expect
    .poll(() => second.page.getByRole('status').allTextContents())
    .toContainEqual(expect.stringMatching(/^Agents see \d+ of \d+, /))
  const [exposed, all] = await agentsSee(second.page)
  expect(all - exposed).toBe(1)
  const again = await connectAgents(second.run.mcp_url, token)
  expect(await again.modern.toolNames()).not.toContain('everything__get-sum')
  expect(await again.legacy.call('everything__get-env')).toContain(canary)
  expect(serversOf(second.pid)).toHaveLength(1)
  expect(servers.filter(isAlive)).toEqual([])
})

async function addEverything(page: Page, canary: string): Promise<void> {
  await page.getByText('No custom integrations yet. Add your first MCP server.').waitFor()
  await page.getByRole('button', { name: 'Add integration' }).click()
  await page.getByRole('menuitem', { name: 'MCP server' }).click()
  const paste = page.getByLabel('Paste a server URL, a command, or a JSON config')
  await paste.fill(`"${process.execPath}" "${everything}" stdio`)
  await page.getByLabel('Name', { exact: true }).fill('everything')
  expect(await page.getByLabel('Command', { exact: true }).inputValue()).toBe(process.execPath)
  expect(await page.getByLabel('Arguments', { exact: true }).inputValue()).toBe(`${everything}\nstdio`)

  await page.getByRole('button', { name: 'Add variable' }).click()
  await page.getByLabel('Name of row 1').fill('EXAMPLE_API_KEY')
  await page.getByRole('button', { name: 'EXAMPLE_API_KEY is secret' }).click()
  await page.getByLabel('Value of EXAMPLE_API_KEY').fill(canary)

  await page.getByRole('button', { name: 'Test connection' }).click()
  const report = page.getByRole('region', { name: 'Connection test' })
  await report.getByText(/^Connected\. \d+ tools found in /).waitFor()
  await page.getByRole('button', { name: 'Add and show tools' }).click()
  await expectConnected(page)
}

async function openEverything(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Integrations' }).first().click()
  await page.getByText('everything', { exact: true }).first().dblclick()
}

const expectConnected = (page: Page) => page.getByRole('status').getByText('Connected').first().waitFor()

async function blockTool(page: Page, tool: string): Promise<void> {
  const [before, all] = await agentsSee(page)
  expect(before).toBe(all)
  await page
    .getByRole('group', { name: `Filter for ${tool}` })
    .getByRole('button', { name: 'Block' })
    .click()
  await page.getByText('-1 tool for agents').waitFor()
  await page.getByRole('button', { name: /^Save/ }).click()
  await page.getByText('-1 tool for agents').waitFor({ state: 'detached' })
  expect(await agentsSee(page)).toEqual([all - 1, all])
}

async function agentsSee(page: Page): Promise<[number, number]> {
  const status = page.getByRole('status').filter({ hasText: /^Agents see/ })
  const [exposed, all] = (await status.innerText()).match(/\d+/g)?.map(Number) ?? []
  return [exposed ?? -1, all ?? -1]
}

async function addAgent(page: Page, name: string): Promise<string> {
  await page.getByRole('link', { name: /^Agents/ }).click()
  await page.getByRole('button', { name: 'Add agent' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Add agent' }).click()
  const token = await dialog.getByLabel('Token', { exact: true }).innerText()
  expect(token).toMatch(/^ghk_[\w-]{43}$/)
  await dialog.getByRole('button', { name: 'Done' }).click()
  return token
}

/** The processes of server-everything below the app. */
function serversOf(pid: number): number[] {
  return descendantsOf(pid).filter((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(everything)
    } catch {
      return false
    }
  })
}

/** Every file below the folder that holds one of the secrets, as it is or in base64. */
function filesHolding(folder: string, secrets: string[]): string[] {
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').slice(0, -4)])
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = readFileSync(file)
      return forms.some((form) => content.includes(form))
    })
}
