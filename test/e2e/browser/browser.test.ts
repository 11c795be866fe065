import { expect, test } from 'vitest'
import { openBrowser, openTab, serveConsole } from '../helpers/browser-console.ts'

test('a browser shows the same console, and its link works once', async () => {
  const link = await serveConsole()
  const browser = await openBrowser()
  const page = await openTab(browser, link, {})
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await page.getByText('everything', { exact: true }).first().waitFor()
  expect(page.url()).not.toContain('code=')

  await page.reload()
  await page.getByText('everything', { exact: true }).first().waitFor()

  const stranger = await openTab(browser, link, { expected: /status of 401/ })
  await stranger.getByRole('heading', { name: 'Open the console with a fresh link' }).waitFor()
  expect(await stranger.getByText('everything').count()).toBe(0)
})
