import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { createHttpClient } from '../../helpers/http-client.ts'
import { accessibilityProblems } from '../helpers/accessibility.ts'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'
import { goTo, shareConsole } from '../helpers/running-console.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const schemaServer = fileURLToPath(new URL('../../servers/schema-server.ts', import.meta.url))
const servers = {
  everything: { command: process.execPath, args: [everything, 'stdio'] },
  demo: { command: process.execPath, args: [schemaServer] },
}
const BIG = '12345678901234567890'

const shared = shareConsole({ servers })

/** The playground with one tool of the demo server in front. */
async function openTool(name: string, options: Parameters<typeof shared.open>[0] = {}): Promise<Page> {
  await expect
    .poll(async () => (await shared.running.client().tools.list({ integration: 'demo' })).items.length)
    .toBeGreaterThan(5)
  const page = await shared.open(options)
  await showTool(page, name)
  return page
}

async function showTool(page: Page, name: string): Promise<void> {
  await goTo(page, `#/playground?tool=demo__${name}`)
  await page.getByText(`demo__${name}`, { exact: true }).first().waitFor()
  await page.getByRole('button', { name: /^Call tool/ }).waitFor()
}

const call = (page: Page) => page.keyboard.press('Control+Enter')
const result = (page: Page) => page.getByRole('region', { name: 'Result' })
const announced = (page: Page) => page.getByRole('status', { name: 'Call' })
const editor = (page: Page, name: string) => page.getByRole('textbox', { name })

/** ⌘3, the tool's name, Enter, the argument, ⌘⏎: five actions, and the mouse is not one of them. */
async function callEcho(page: Page): Promise<void> {
  await page.getByText('everything', { exact: true }).first().waitFor()
  await page.keyboard.press('Control+3')
  await page.getByLabel('Search tools').and(page.locator(':focus')).waitFor()
  await page.getByRole('row', { name: /^echo/ }).waitFor()
  await page.keyboard.type('echo')
  await page.keyboard.press('Enter')
  await page.getByLabel('message').and(page.locator(':focus')).waitFor()
  await page.keyboard.type('over the playground')
  await call(page)
  await result(page).getByText('Echo: over the playground').waitFor()
  await expect.poll(() => announced(page).textContent()).toMatch(/^everything__echo answered after .+, \d+ B\.$/)
}

test('a tool is called with the keyboard alone, in a browser', async () => {
  const page = await shared.open()
  await callEcho(page)
  await page.keyboard.type(' again')
  await call(page)
  await result(page).getByText('Echo: over the playground again').waitFor()
})

test('the same in the window, whose policy allows the editor and the checks too', async () => {
  const { page, run } = await openDesktop({ dataDir: await temporaryDataDir() })
  const client = createHttpClient({ apiUrl: run.api_url, token: run.admin_token, workspace: 'default' })
  await client.integrations.create({
    name: 'everything',
    mcp: { transport: 'stdio', command: process.execPath, args: [everything, 'stdio'] },
  })
  await client.integrations.create({
    name: 'demo',
    mcp: { transport: 'stdio', command: process.execPath, args: [schemaServer] },
  })
  await callEcho(page)

  await showTool(page, 'form')
  await page.getByRole('tab', { name: 'JSON' }).click()
  await editor(page, 'Arguments as JSON').fill('{"city": 1}')
  await page.getByText('This is of the type number, expected "string".').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
})

test('form and JSON show one value, and the editor says where it stops being JSON', async () => {
  const page = await openTool('form')
  await page.getByLabel('city').fill('Oslo')
  await page.getByRole('tab', { name: 'JSON' }).click()
  const json = editor(page, 'Arguments as JSON')
  await json.waitFor()
  expect(await json.innerText()).toContain('"city": "Oslo"')

  await json.fill(`{\n  "city": "Bergen",\n  "days": 1.0,\n  "unknown": ${BIG},\n}`)
  await page.getByText('Line 4, column 34: Nothing follows the comma before }.').waitFor()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Backspace')
  await page.getByText('Line 4, column 34').waitFor({ state: 'detached' })
  // Tab leaves the editor; it never writes one.
  await page.keyboard.press('Tab')
  await page
    .getByRole('button', { name: /^Call tool/ })
    .and(page.locator(':focus'))
    .waitFor()

  await page.getByRole('tab', { name: 'Form' }).click()
  expect(await page.getByLabel('city').inputValue()).toBe('Bergen')
  expect(await page.getByLabel('days').inputValue()).toBe('1.0')
  await page.getByText('Not in the schema, kept as it is: unknown').waitFor()
  await page.getByLabel('city').fill('Tromsø')
  await page.getByRole('tab', { name: 'JSON' }).click()
  await expect.poll(() => json.innerText()).toContain(`"unknown": ${BIG}`)
  expect(await json.innerText()).toContain('"city": "Tromsø"')
})

test('numbers reach the tool as they were typed, and come back as it wrote them', async () => {
  const page = await openTool('raw')
  await page.getByLabel('id', { exact: true }).fill(BIG)
  await call(page)
  await result(page).getByText(`{"id":${BIG}}`).waitFor()

  await showTool(page, 'structured')
  await call(page)
  await page.getByRole('tab', { name: 'Structured' }).click()
  await page.getByText('Matches the output schema of the tool').waitFor()
  await expect.poll(() => editor(page, 'Structured content').innerText()).toContain(`"id": ${BIG}`)
})

test('schemas with cycles, unknown keywords and 500 properties are forms or JSON, and lose nothing', async () => {
  const page = await openTool('odd')
  await page.getByText('Written as JSON: it uses patternProperties.').waitFor()
  await page.getByRole('button', { name: 'Add tree' }).click()
  await page.getByRole('button', { name: 'Add item to children' }).click()
  await page.getByText('Written as JSON: it refers to itself.').waitFor()
  await editor(page, 'children 1 as JSON').fill('{"name": "leaf", "weight": 1.50}')
  await page.getByLabel('words').fill('w')
  await page.getByRole('tab', { name: 'JSON' }).click()
  await expect.poll(() => editor(page, 'Arguments as JSON').innerText()).toContain('"weight": 1.50')

  await page.getByRole('tab', { name: 'Form' }).click()
  await showTool(page, 'wide')
  await page.getByRole('button', { name: 'Show 498 optional fields' }).click()
  await page.getByLabel('Find an optional field').fill('field_499')
  await page.getByLabel('field_499').fill('last')
  await page.getByLabel('field_0').fill('1')
  await page.getByLabel('field_1', { exact: true }).fill('x')
  await call(page)
  await result(page)
    .getByText(/^called with 3 arguments/)
    .waitFor()
})

test('a pattern that never ends stops neither the page nor the call', async () => {
  const page = await openTool('pattern')
  await page.getByLabel('word').fill(`${'a'.repeat(60)}!`)
  // Drawn and heard while the check runs in its worker.
  await page.getByLabel('word').fill(`${'a'.repeat(61)}!`)
  await call(page)
  await result(page)
    .getByText(/^called with 1 argument/)
    .waitFor()
})

test('pictures are drawn, links told, and nothing that a tool answers is run', async () => {
  const page = await openTool('media')
  await call(page)
  const image = result(page).getByRole('img', { name: 'Image 2' })
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(1)
  expect(await image.getAttribute('src')).toMatch(/^blob:/)
  await result(page).getByText('<img src="x" onerror').waitFor()
  await result(page).getByText('U+202E').waitFor()
  await result(page).getByText('Its data is not PNG, JPEG, GIF or WebP').waitFor()
  await result(page).getByText('docs.example.com', { exact: true }).waitFor()
  await result(page).getByText('inside the resource').waitFor()
  await result(page).getByRole('button', { name: 'Play Sound 4' }).click()
  expect(await result(page).locator('a, script, iframe').count()).toBe(0)
  expect(await page.title()).not.toContain('run')
})

test('progress is live, and Stop cancels the call at the server', async () => {
  const page = await openTool('steps')
  await call(page)
  await result(page).getByRole('progressbar', { name: 'Progress' }).waitFor()
  await result(page).getByText('3/10').waitFor()
  await result(page).getByText('step 3').waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await result(page).getByText('Stopped').waitFor()
  await expect.poll(() => announced(page).textContent()).toMatch(/^demo__steps was stopped after /)
  const logged = async () => (await shared.running.client().calls.list({ limit: 5 })).items
  await expect.poll(async () => (await logged()).find(({ tool }) => tool === 'demo__steps')?.outcome).toBe('cancelled')
})

test('five megabytes of arguments are pasted, shown as a form, and sent', async () => {
  const page = await openTool('form', { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.getByRole('tab', { name: 'JSON' }).click()
  const rows = Array.from({ length: 40_000 }, (_, id) => ({ id, note: 'a note of some length', tags: ['a', 'b', 'c'] }))
  const text = JSON.stringify({ city: 'Oslo', extra_rows: rows, blob: 'x'.repeat(2_500_000) }, null, 1)
  expect(text.length).toBeGreaterThan(5_000_000)
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await editor(page, 'Arguments as JSON').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+v')
  await page.getByRole('tab', { name: 'Form' }).click()
  await expect.poll(() => page.getByLabel('city').inputValue()).toBe('Oslo')
  await page.getByLabel('days').fill('2')
  await call(page)
  await result(page)
    .getByText(/^called with 4 arguments of [4-9]\d{6} characters$/)
    .waitFor()
})

test('ten megabytes of a result are shown in part, and in whole when it is asked for', async () => {
  const page = await openTool('large')
  await page.getByLabel('size').fill('9000000')
  await call(page)
  await result(page).getByText('20,000 of 8,999,991 characters.').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await result(page).getByText('All 8,999,991 characters.').waitFor()
  await page.getByRole('tab', { name: 'Raw' }).click()
  await expect.poll(() => editor(page, 'Raw result').innerText()).toContain('"content"')
})

test('a call copied as curl is the same call', async () => {
  const page = await openTool('raw', { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.getByLabel('id', { exact: true }).fill(BIG)
  await page.getByRole('button', { name: 'More for this call' }).click()
  await page.getByRole('menuitem', { name: 'Copy as curl' }).click()
  await page.getByText('Copied').waitFor()
  const command = await page.evaluate(() => navigator.clipboard.readText())
  const { token } = await shared.running.client().agents.create({ name: 'shell' })
  expect(command).not.toContain(token)
  const shell = promisify(execFile)
  const { stdout } = await shell('/bin/sh', ['-c', command], { env: { ...process.env, GATEHOUSE_TOKEN: token } })
  expect(stdout).toContain(`{\\"id\\":${BIG}}`)
})

test.each(['light', 'dark'] as const)('every state of it can be used by everyone, in %s', async (colorScheme) => {
  const page = await openTool('form', { colorScheme, reducedMotion: 'reduce' })
  const problems: string[] = []
  const look = async (state: string) => {
    problems.push(...(await accessibilityProblems(page)).map((problem) => `${state}: ${problem}`))
  }
  await page.getByRole('button', { name: 'Add place' }).click()
  await page.getByRole('button', { name: 'Add item to tags' }).click()
  await call(page)
  await page.getByRole('alert').getByText('Required.').waitFor()
  await look('form')
  await page.getByRole('tab', { name: 'JSON' }).click()
  await editor(page, 'Arguments as JSON').fill('{"city":')
  await page.getByText('A value is missing at the end').waitFor()
  await look('JSON')
  await page.getByRole('tab', { name: 'Form' }).click()
  await page.getByText('The form waits until the JSON can be read').waitFor()
  await look('form that waits')
  for (const [name, shown] of [
    ['odd', 'Written as JSON: it uses prefixItems.'],
    ['media', 'The report'],
    ['fails', 'The disk is full.'],
    ['refuses', 'Not today'],
    ['steps', '3/10'],
  ] as const) {
    await showTool(page, name)
    if (name !== 'odd') await call(page)
    await page.getByText(shown).first().waitFor()
    await look(name)
  }
  await page.getByRole('button', { name: 'Stop' }).click()
  await showTool(page, 'structured')
  await call(page)
  for (const tab of ['Structured', 'Raw']) {
    await page.getByRole('tab', { name: tab }).click()
    await editor(page, tab === 'Raw' ? 'Raw result' : 'Structured content').waitFor()
    await look(tab)
  }
  expect(problems).toEqual([])
})
