import type { Locator, Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { everythingSse } from '../../integration/upstream/harness.ts'
import { shareConsole } from '../helpers/running-console.ts'
import { startToolServer } from '../helpers/tool-server.ts'

/** What a person does, counted: each is a key chord or the filling of a field. Filling says no field: it has the focus. */
class Person {
  actions = 0
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async press(chord: string): Promise<void> {
    this.actions += 1
    await this.#page.keyboard.press(chord)
  }

  async fillFocused(text: string): Promise<void> {
    this.actions += 1
    await this.#page.keyboard.insertText(text)
  }

  async fill(field: Locator, text: string): Promise<void> {
    this.actions += 1
    await field.fill(text)
  }
}

const firstField = (page: Page) => page.getByLabel('Paste a server URL, a command, or a JSON config')
const toolIn = (page: Page, tool: string) => page.getByRole('grid', { name: 'Tools' }).getByText(tool, { exact: true })

const shared = shareConsole()

async function openConsole(): Promise<Page> {
  const page = await shared.open()
  await page.getByRole('grid', { name: 'Integrations' }).waitFor()
  return page
}

test('adding a server without authentication and seeing its tools takes 3 actions', async () => {
  const url = await startToolServer('forecast')
  const page = await openConsole()
  const person = new Person(page)
  await person.press('Control+n')
  await expect.poll(() => firstField(page).evaluate((field) => field === document.activeElement)).toBe(true)
  await person.fillFocused(url)
  await person.press('Control+Enter')
  await toolIn(page, 'forecast').waitFor()
  expect(person.actions).toBe(3)
})

test('with a bearer token it takes 4', async () => {
  const url = await startToolServer('forecast', 'let-me-in')
  const page = await openConsole()
  const person = new Person(page)
  await person.press('Control+n')
  await expect.poll(() => firstField(page).evaluate((field) => field === document.activeElement)).toBe(true)
  await person.fillFocused(url)
  await person.fill(page.getByLabel('API token', { exact: true }), 'let-me-in')
  await person.press('Control+Enter')
  await toolIn(page, 'forecast').waitFor()
  expect(person.actions).toBe(4)
})

test('the first field is as high as its text, up to eight lines', async () => {
  const page = await openConsole()
  await page.keyboard.press('Control+n')
  const heights = () => firstField(page).evaluate(({ clientHeight, scrollHeight }) => ({ clientHeight, scrollHeight }))
  const oneLine = await heights()
  const line = 20
  await firstField(page).fill('npx -y @acme/weather-mcp \\\n  --region europe')
  expect(await heights()).toEqual({
    clientHeight: oneLine.clientHeight + line,
    scrollHeight: oneLine.clientHeight + line,
  })
  await firstField(page).fill('x\n'.repeat(40))
  expect((await heights()).clientHeight).toBe(oneLine.clientHeight + 7 * line)
})

test('a server over SSE is added with what the form proposes', async () => {
  const server = await everythingSse()
  onTestFinished(() => server.stop())
  const page = await openConsole()
  await page.keyboard.press('Control+n')
  await firstField(page).fill(server.url)
  expect(await page.getByRole('radio', { name: 'SSE' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText(/^Connected\. \d+ tools found in /).waitFor()
  await page.keyboard.press('Control+Enter')
  await toolIn(page, 'echo').waitFor()
  const added = (await shared.running.client().integrations.list({})).items.map(({ mcp }) => mcp)
  expect(added).toContainEqual(expect.objectContaining({ transport: 'sse', server_url: server.url }))
})

test('where the other transport would have worked, one click takes it', async () => {
  const url = (await startToolServer('forecast')).replace(/mcp$/, 'weather')
  const page = await openConsole()
  await page.keyboard.press('Control+n')
  await firstField(page).fill(url)
  expect(await page.getByRole('radio', { name: 'SSE' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Test connection' }).click()
  const report = page.getByRole('region', { name: 'Connection test' })
  await report.getByText('This looks like Streamable HTTP, not SSE.').waitFor()
  await report.getByRole('button', { name: 'Use HTTP instead' }).click()
  await report.getByText(/^Connected\. 1 tool found in /).waitFor()
  expect(await page.getByRole('radio', { name: 'HTTP' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Add and show tools' }).click()
  await toolIn(page, 'forecast').waitFor()
})
