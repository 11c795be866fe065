import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowser, openTab, serveConsole } from './helpers/browser-console.ts'
import { startToolServer } from './helpers/tool-server.ts'

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

async function openConsole(): Promise<Page> {
  const page = await openTab(await openBrowser(), await serveConsole(), {})
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
