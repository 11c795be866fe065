import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test, vi } from 'vitest'
import { createHttpClient } from '../../helpers/http-client.ts'
import { accessibilityProblems, colourProblems } from '../helpers/accessibility.ts'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'
import { type ConsoleClient, goTo, shareConsole } from '../helpers/running-console.ts'
import { layers, screens } from '../helpers/screens.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const shared = shareConsole()

beforeAll(() => fill(shared.running.client(), shared.running.home))

/** Something for every screen to show. */
async function fill(client: ConsoleClient, home: string): Promise<void> {
  await mkdir(join(home, '.cursor'), { recursive: true })
  const found = { weather: { url: 'https://weather.example/mcp' }, broken: { nonsense: true } }
  await writeFile(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers: found }))
  await client.integrations.create({
    name: 'everything',
    mcp: { transport: 'stdio', command: process.execPath, args: [everything, 'stdio'] },
  })
  await client.integrations.create({
    name: 'billing',
    mcp: { transport: 'http', server_url: 'http://127.0.0.1:9/mcp' },
    auth_type: 'bearer',
    credentials: { api_token: 'a-secret-value' },
  })
  await client.integrations.create({
    name: 'accounts',
    protocol: 'rest',
    rest: {
      base_url: 'http://127.0.0.1:9',
      tools: [
        {
          name: 'get_account',
          method: 'GET',
          path: '/accounts/{id}',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'fields', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          ],
        },
      ],
    },
  })
  await client.profiles.create({ name: 'Echo only', enabled_tools: ['everything__echo'] })
  const served = async () => (await client.tools.list({ integration: 'everything' })).items.length > 0
  await vi.waitUntil(served)
  const hook = { url: 'http://127.0.0.1:9/hook' }
  const { id } = await client.channels.create({ kind: 'webhook', name: 'On call', webhook: hook })
  await client.rules.create({ name: 'Core team', when: { types: ['incident'] }, channels: [id] })
  await client.hook_tokens.create({ name: 'alertmanager' })
  await client.events.create({ title: 'Checkout is down', severity: 'critical', service: 'checkout' })
  await client.settings.update({ record_bodies: true })
  await client.tools.call({ name: 'everything__echo', arguments: { message: 'hello' } })
  await vi.waitUntil(async () => (await client.calls.list({})).items.length === 1)
}

const sizes = [
  { name: 'in both themes', viewport: { width: 1180, height: 760 }, themes: ['light', 'dark'] },
  // The window at 200 % has half of its pixels to show things in.
  { name: 'at 200 %', viewport: { width: 590, height: 380 }, deviceScaleFactor: 2, themes: ['light'] },
] as const

async function openIn({ viewport, ...size }: (typeof sizes)[number]): Promise<Page> {
  const deviceScaleFactor = 'deviceScaleFactor' in size ? size.deviceScaleFactor : 1
  const page = await shared.open({ viewport, deviceScaleFactor, colorScheme: 'light', reducedMotion: 'reduce' })
  await page.getByRole('row', { name: /PagerDuty/ }).waitFor()
  return page
}

async function problemsIn(page: Page, { themes }: (typeof sizes)[number]): Promise<string[]> {
  const [first, ...others] = themes
  const problems = (await accessibilityProblems(page)).map((problem) => `${first} ${problem}`)
  for (const colorScheme of others) {
    await page.emulateMedia({ colorScheme })
    problems.push(...(await colourProblems(page)).map((problem) => `${colorScheme} ${problem}`))
    await page.emulateMedia({ colorScheme: first })
  }
  return problems
}

test.each(sizes)('every screen can be used by everyone, $name', { timeout: 600_000 }, async (size) => {
  const page = await openIn(size)
  const problems: string[] = []
  for (const { path, shown } of screens) {
    await goTo(page, path)
    await shown(page).first().waitFor()
    problems.push(...(await problemsIn(page, size)).map((problem) => `${path}: ${problem}`))
  }
  expect(problems).toEqual([])
})

test.each(sizes)('so can everything that opens above one, $name', { timeout: 600_000 }, async (size) => {
  const page = await openIn(size)
  const problems: string[] = []
  for (const { name, path, open, shown } of layers) {
    await goTo(page, path)
    await open(page)
    await shown(page).first().waitFor()
    problems.push(...(await problemsIn(page, size)).map((problem) => `${name}: ${problem}`))
    await page.keyboard.press('Escape')
    await shown(page).first().waitFor({ state: 'detached' })
  }
  expect(problems).toEqual([])
})

test('the window opens every screen, and everything above one, without an error', { timeout: 600_000 }, async () => {
  const dataDir = await temporaryDataDir()
  const home = join(dataDir, 'home')
  const { page, run } = await openDesktop({
    dataDir,
    env: { HOME: home, USERPROFILE: home, XDG_CONFIG_HOME: join(home, '.config') },
  })
  const client = createHttpClient({ apiUrl: run.api_url, token: run.admin_token, workspace: 'default' })
  await client.agents.create({ name: 'default' })
  await fill(client, home)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const { path, shown } of screens) {
    await goTo(page, path)
    await shown(page).first().waitFor()
  }
  for (const { path, open, shown } of layers) {
    await goTo(page, path)
    await open(page)
    await shown(page).first().waitFor()
    await page.keyboard.press('Escape')
    await shown(page).first().waitFor({ state: 'detached' })
  }
})
