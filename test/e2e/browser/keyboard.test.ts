import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { sections } from '../../../src/renderer/commands.ts'
import { openBrowser, openTab, serveConsole } from '../helpers/browser-console.ts'
import { press } from '../helpers/keyboard.ts'

const goToAgents = `Control+${sections.findIndex(({ id }) => id === 'agents') + 1}`

async function openConsole(): Promise<Page> {
  const page = await openTab(await openBrowser(), await serveConsole(), {})
  await page.getByText('Connected').first().waitFor()
  return page
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
  await press(page, 'Enter', /^menuitem Edit/)
  await press(page, 'Enter', /^input/)
  await press(page, 'Control+1', /^input/)
  expect(page.url()).toContain('#/agents')
  await press(page, 'Escape', /^button Menu of default/)
})

test('a deletion asks nothing, keeps the focus in the list, and is undone by its key', async () => {
  const page = await openConsole()
  await press(page, 'Control+f', /^input/)
  await press(page, 'Escape', /^row /)
  await press(page, 'End', /^row .*everything/)
  await press(page, 'Backspace', /^row /)
  await page.getByText('Deleted everything.').waitFor()
  await page.getByText('No custom integrations yet. Add your first MCP server.').waitFor()
  await press(page, 'F6', /^div|^region|^section/)
  await press(page, 'Tab Tab', /^button Undo/)
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: /everything/ }).waitFor()
  await page.getByText('Deleted everything.').waitFor({ state: 'detached' })

  await page.getByRole('row', { name: /everything/ }).focus()
  await press(page, 'ArrowRight ArrowRight', /^button Menu of everything/)
  await press(page, 'Enter', /^menuitem Open/)
  await press(page, 'End', /^menuitem Delete/)
  await press(page, 'Enter', /^row /)
  await page.keyboard.press('Control+z')
  await page.getByRole('row', { name: /everything/ }).waitFor()
})

test('the palette finds an integration by some letters, runs commands, and gives the focus back', async () => {
  const page = await openConsole()
  await press(page, 'Control+f Escape', /^row /)
  await press(page, 'Control+k', /^combobox Search commands/)
  await press(page, 'Escape', /^row /)
  await press(page, 'Control+k', /^combobox/)
  await page.keyboard.type('evth')
  await page.getByRole('option', { name: /^everything/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'everything' }).waitFor()
  await press(page, 'Control+k', /^combobox/)
  await page.keyboard.type('keys')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await press(page, 'Escape', /^main|^row|^a /)
})

test('a workspace is made, opened and left with the keyboard, and each has its own integrations', async () => {
  const page = await openConsole()
  await page.getByRole('button', { name: 'Workspace default · Enterprise' }).focus()
  await press(page, 'Enter', /^menuitemradio default/)
  await press(page, 'ArrowDown', /^menuitem New workspace/)
  await press(page, 'Enter', /^input/)
  await page.keyboard.type('staging')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Workspace staging · Enterprise' }).waitFor()
  await page.getByText('No custom integrations yet. Add your first MCP server.').waitFor()

  await page.reload()
  await page.getByRole('button', { name: 'Workspace staging · Enterprise' }).focus()
  await press(page, 'Enter', /^menuitemradio/)
  await press(page, 'Home', /^menuitemradio default/)
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: /everything/ }).waitFor()
})
