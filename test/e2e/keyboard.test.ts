import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sections } from '../../src/renderer/commands.ts'
import { openBrowser, openTab, serveConsole } from './helpers/browser-console.ts'

const goToAgents = `Control+${sections.findIndex(({ id }) => id === 'agents') + 1}`

async function openConsole(): Promise<Page> {
  const page = await openTab(await openBrowser(), await serveConsole(), {})
  await page.getByText('Connected').first().waitFor()
  return page
}

/** What has the focus, by its role or tag and the start of its name. */
const focus = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document
    const name = activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''
    return `${activeElement?.role ?? activeElement?.tagName.toLowerCase() ?? ''} ${name.slice(0, 24)}`
  })

async function press(page: Page, keys: string, expected: RegExp): Promise<void> {
  for (const key of keys.split(' ')) await page.keyboard.press(key)
  await expect.poll(() => focus(page), { message: `after ${keys}`, timeout: 5_000 }).toMatch(expected)
}

test('the focus goes from the search to the list, and into the screen that opens', async () => {
  const page = await openConsole()
  await press(page, 'Control+f', /^input/)
  await page.keyboard.type('everything')
  await page.getByText('4 hidden by filters').waitFor()
  await press(page, 'Enter', /^row .*everything/)
  await press(page, 'Control+f Escape Escape', /^row /)
  await press(page, 'End Enter', /^main/)
  await press(page, 'Tab', /^a Integrations/)
  await press(page, goToAgents, /^row .*default/)
})

test('a dialog that a menu opens has the focus, keeps the keys, and gives the focus back', async () => {
  const page = await openConsole()
  await press(page, goToAgents, /^row .*default/)
  await press(page, 'ArrowRight', /^button Menu of default/)
  await press(page, 'Enter', /^menuitem Rename/)
  await press(page, 'Enter', /^input/)
  await press(page, 'Control+1', /^input/)
  expect(page.url()).toContain('#/agents')
  await press(page, 'Escape', /^button Menu of default/)
})

test('after a deletion the focus is in the list', async () => {
  const page = await openConsole()
  await press(page, 'Control+f', /^input/)
  await press(page, 'Escape', /^row /)
  await press(page, 'End ArrowRight ArrowRight', /^button Menu of everything/)
  await press(page, 'Enter', /^menuitem Open/)
  await press(page, 'End', /^menuitem Delete/)
  await press(page, 'Enter', /^button Cancel/)
  await press(page, 'Tab', /^button Delete/)
  await press(page, 'Enter', /^row /)
  await page.getByText('No custom integrations yet. Add your first MCP server.').waitFor()
})
