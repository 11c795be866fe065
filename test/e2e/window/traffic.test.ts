import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accessibilityProblems } from '../helpers/accessibility.ts'
import { connectAgents } from '../helpers/agents.ts'
import { openDesktop, temporaryDataDir, type Desktop } from '../helpers/desktop.ts'

const server = resolve(import.meta.dirname, '../../servers/logging-server.ts')

async function post<Answer>({ api_url, admin_token }: Desktop['run'], path: string, body: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${admin_token}`, 'content-type': 'application/json' }
  const answer = await fetch(api_url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.status, path).toBe(201)
  return (await answer.json()) as Answer
}

/** The window over one stdio server that logs what it does, and an agent that calls it. */
async function open() {
  const desktop = await openDesktop({ dataDir: await temporaryDataDir() })
  await post(desktop.run, '/integrations', {
    name: 'notes',
    mcp: { transport: 'stdio', command: process.execPath, args: [server] },
  })
  const { token } = await post<{ token: string }>(desktop.run, '/agents', { name: 'claude-code' })
  await desktop.page.getByText('Connected').first().waitFor()
  const { modern, legacy } = await connectAgents(desktop.run.mcp_url, token)
  return { ...desktop, modern, legacy }
}

const row = (page: Page, text: string) => page.getByRole('grid', { name: 'Calls' }).getByRole('row', { name: text })

test('calls of agents appear as they end, can be narrowed, opened by key, recorded and exported', async () => {
  const { app, page, modern, legacy } = await open()
  await page.getByRole('link', { name: 'Traffic', exact: true }).click()
  await page.getByText(/^No calls yet/).waitFor()

  await modern.call('notes__say', { text: 'first' })
  await row(page, 'notes__say').waitFor()
  await legacy.call('notes__fail')
  await row(page, 'notes__fail').getByText('Tool error').waitFor()
  await expect(modern.call('notes__nothing')).rejects.toThrow()
  await row(page, 'notes__nothing').getByText('Error').waitFor()
  await page.getByText('3 calls', { exact: true }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])

  // Down to the oldest call and into it; meanwhile nothing moves.
  await page.keyboard.press('Control+f')
  await page.keyboard.press('Enter')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  const call = page.getByRole('region', { name: 'Call of notes__say' })
  await call.getByText('Arguments and results are not recorded.').first().waitFor()
  await modern.call('notes__say', { text: 'second' })
  await page.getByRole('button', { name: '1 new' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await call.getByRole('button', { name: 'Record them' }).click()
  await call.getByText(/^This call was not recorded/).waitFor()
  await page.keyboard.press('Escape')
  await call.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.role)).toBe('row')

  await modern.call('notes__say', { text: 'with <b>markup</b>' })
  await page.getByRole('button', { name: '2 new' }).click()
  await row(page, 'notes__say').first().click()
  const request = page.getByRole('region', { name: 'Request' })
  await request.getByText('with <b>markup</b>').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('link', { name: 'Open in Playground' }).click()
  await expect.poll(() => page.getByRole('textbox', { name: /^text/ }).inputValue()).toBe('with <b>markup</b>')
  await page.goBack()
  await request.waitFor()
  await page.getByRole('button', { name: 'Close the call' }).click()

  await page.getByRole('combobox', { name: 'Status' }).click()
  await page.getByRole('option', { name: 'Tool error' }).click()
  await page.getByText('1 of 5', { exact: true }).waitFor()
  await page.getByLabel('Search calls').fill('nothing at all')
  await page.getByText('Nothing matches.').waitFor()
  await page.getByLabel('Search calls').fill('fail')
  await row(page, 'notes__fail').waitFor()

  const file = join(await temporaryDataDir(), 'calls.jsonl')
  await app.evaluate(({ session }, path) => {
    session.defaultSession.on('will-download', (_event, item) => item.setSavePath(path))
  }, file)
  await page.getByRole('button', { name: 'Export' }).click()
  const lines = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1)
  await expect.poll(lines, { timeout: 30_000 }).toHaveLength(1)
  expect(JSON.parse((await lines())[0] ?? '')).toMatchObject({
    tool: 'notes__fail',
    agent: 'claude-code',
    outcome: 'tool_error',
  })
})

test('what a server writes to stderr is on the Output tab at once, with its process', async () => {
  const { page, modern } = await open()
  await page.evaluate(() => {
    window.location.hash = '#/integrations/notes/output'
  })
  const log = page.getByRole('log', { name: 'Output of notes' })
  await log.getByText('logging-server is ready', { exact: true }).waitFor()
  await log.getByText('Event').first().waitFor()
  await modern.call('notes__say', { text: 'written just now' })
  await log.getByText('written just now').waitFor()
  await page.getByText(/^pid \d+$/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])

  await page.getByLabel('Filter output').fill('just now')
  await log.getByText('logging-server is ready').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Clear search' }).click()
  const before = await page.getByText(/^pid \d+$/).innerText()
  await page.getByRole('button', { name: 'Restart' }).click()
  await expect.poll(() => page.getByText(/^pid \d+$/).innerText(), { timeout: 30_000 }).not.toBe(before)

  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByText(/^1 call in the last hour/).waitFor()
  await page.getByText(/^p50 \d/).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
})

test('what an admin changed is told, without what was given', async () => {
  const { page } = await open()
  await page.getByRole('link', { name: 'Traffic', exact: true }).click()
  await page.getByRole('link', { name: 'Changes' }).click()
  const changes = page.getByRole('grid', { name: 'Changes' })
  await changes.getByRole('row', { name: 'Added integration notes' }).waitFor()
  await changes.getByRole('row', { name: 'Added agent claude-code' }).getByText('API').waitFor()
  expect(await changes.innerText()).not.toContain(server)
  expect(await accessibilityProblems(page)).toEqual([])
})
