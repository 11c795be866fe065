import { resolve } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { accessibilityProblems } from '../helpers/accessibility.ts'
import { connectAgents } from '../helpers/agents.ts'
import { goTo, shareConsole } from '../helpers/running-console.ts'

const server = resolve(import.meta.dirname, '../../servers/many-tools-server.ts')
const shared = shareConsole({ servers: { catalog: { command: process.execPath, args: [server] } } })
const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Tools', exact: true })

beforeEach(async () => {
  const client = shared.running.client()
  await client.integrations.update({ name: 'catalog', enabled_tools: [], disabled_tools: [] })
  await expect
    .poll(async () => (await client.tools.list({ integration: 'catalog' })).items.length, { timeout: 20_000 })
    .toBe(10_000)
})

async function openFilter(options: Parameters<typeof shared.open>[0] = {}): Promise<Page> {
  const page = await shared.open(options)
  await page.getByText('Connected').first().waitFor()
  await goTo(page, '/integrations/catalog/tools')
  await page.getByText('Agents see 10,000 of 10,000').waitFor()
  return page
}

test('of ten thousand tools those that destroy are blocked, and agents of both generations lose them', async () => {
  const page = await openFilter()
  const { token } = await shared.running.client().agents.create({ name: 'claude-code' })
  const before = await connectAgents(shared.running.mcpUrl, token)
  expect(await before.legacy.toolNames()).toContain('catalog__delete_job_07')

  await page.getByRole('searchbox', { name: 'Search 10,000 tools' }).fill('region 17 role')
  await page.getByText('9,990 hidden by filters').waitFor()
  await page.getByText('delete_role_17', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Clear', exact: true }).click()

  await page.getByRole('button', { name: 'By annotation' }).click()
  await page.getByRole('menuitem', { name: /^Destructive/ }).click()
  await page.getByText('1,000 selected').waitFor()
  await page.getByRole('group', { name: 'With selection' }).getByRole('button', { name: 'Block' }).click()
  await page.getByText(/^-1,000 tools for agents; about -[\d,]+ tokens$/).waitFor()
  await page.getByText(/^1,000 names of the block list can be 1 pattern: delete_\*/).waitFor()
  await page.getByRole('button', { name: 'Fold', exact: true }).click()
  await page.getByRole('list', { name: 'Entries of Block list' }).getByText('delete_*').waitFor()
  await page.getByText(/^-1,000 tools for agents/).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Agents see 9,000 of 10,000').waitFor()

  const { disabled_tools: disabled } = await shared.running.client().integrations.get({ name: 'catalog' })
  expect(disabled).toEqual(['delete_*'])
  // The list that a modern client holds is good for a while; one that connects now gets the new one.
  const { modern, legacy } = await connectAgents(shared.running.mcpUrl, token)
  for (const agent of [modern, legacy, before.legacy]) {
    const names = await agent.toolNames()
    expect(names.filter((name) => name.startsWith('catalog__'))).toHaveLength(9_000)
    expect(names.filter((name) => name.includes('delete'))).toEqual([])
  }
  await expect(modern.call('catalog__delete_job_07')).rejects.toThrow('Unknown tool')
})

test('the keyboard alone finds, selects, blocks and saves', async () => {
  const page = await openFilter()
  await page.keyboard.press('Control+f')
  await page.keyboard.type('share_site')
  await page.getByText('9,950 hidden by filters').waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByText('3 selected').waitFor()
  await page.keyboard.press('b')
  await page.keyboard.press('Control+s')
  await page.getByText('Agents see 9,997 of 10,000').waitFor()
  await page.keyboard.press('Control+a')
  await page.getByText('50 selected').waitFor()
  await page.keyboard.press('c')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+s')
  await page.getByText('Agents see 10,000 of 10,000').waitFor()
  expect((await shared.running.client().integrations.get({ name: 'catalog' })).disabled_tools).toEqual([])
})

test('what hides a tool is told where all tools are, and from there it is found', async () => {
  await shared.running.client().integrations.update({ name: 'catalog', disabled_tools: ['get_job_*'] })
  const page = await shared.open()
  await goTo(page, '/tools')
  // With the four by which agents report incidents.
  await page.getByText('Agents see 9,954 of 10,004').waitFor()

  // However far it is scrolled, only what is in view exists.
  const most = await grid(page).evaluate(async (list) => {
    const counts: number[] = []
    for (let frame = 0; frame < 60; frame++) {
      list.scrollTop += 900
      await new Promise(requestAnimationFrame)
      counts.push(list.querySelectorAll('*').length)
    }
    return Math.max(...counts)
  })
  expect(most).toBeLessThan(400)

  await page.getByRole('searchbox', { name: 'Search 10,004 tools' }).fill('get_job_33')
  const hidden = grid(page).getByRole('row').filter({ hasText: 'catalog__get_job_33' })
  await hidden.getByText('Hidden - blocked by get_job_*').waitFor()
  await page.getByRole('button', { name: 'Preview' }).click()
  await page
    .getByRole('dialog')
    .getByText(/^9,955 tools, about/)
    .waitFor()
  await page.keyboard.press('Escape')
  await hidden.getByRole('button', { name: 'Edit filter' }).click()
  await page.getByRole('heading', { name: 'catalog' }).waitFor()
  await grid(page).getByText('get_job_33', { exact: true }).waitFor()
})

test.each(['light', 'dark'] as const)('long lists of tools can be used by everyone, in %s', async (colorScheme) => {
  const page = await openFilter({ colorScheme, reducedMotion: 'reduce' })
  const problems: string[] = []
  const look = async (at: string): Promise<void> => {
    problems.push(...(await accessibilityProblems(page)).map((problem) => `${at}: ${problem}`))
  }
  await page.getByRole('textbox', { name: 'Block list' }).fill('delete_*')
  await page.getByText('delete_* matches 1,000 tools').waitFor()
  await look('an entry that is typed')
  await page.keyboard.press('Enter')
  await page.getByRole('searchbox').fill('delete_job')
  await page.getByText('9,950 hidden by filters').waitFor()
  await page.getByRole('checkbox', { name: 'Select shown' }).click()
  await page.getByText('50 selected').waitFor()
  await look('a selection')
  await page.getByRole('searchbox').fill('no such tool')
  await page.getByText('Nothing matches.').waitFor()
  await look('no match')
  await page.getByRole('button', { name: 'Discard' }).click()

  await goTo(page, '/tools')
  await page.getByText('catalog__archive_account_01', { exact: true }).click()
  await page.getByRole('button', { name: 'Open in Playground' }).waitFor()
  await look('an open tool')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('dialog').getByText('discover_tools').waitFor()
  await look('the preview')
  expect(problems).toEqual([])
})
