import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { startTestApp } from '../../helpers/start-app.ts'
import { MARKUP, startHostileHttpServer } from '../../servers/hostile-http-server.ts'
import { openBrowser, openTab } from '../helpers/browser-console.ts'

const screens = [
  '/integrations',
  '/integrations/markup/overview',
  '/integrations/markup/tools',
  '/integrations/markup/connection',
  '/integrations/failing/overview',
  '/agents',
]

/** What markup would have left in the page had it been taken for more than text. */
async function traces(page: Page) {
  return await page.evaluate(() => ({
    elements: document.querySelectorAll('img[src="x"], [onerror], a[href^="javascript:"]').length,
    ran: document.title === '1',
  }))
}

test('markup in any text of a person or a server stays text', async () => {
  const hostile = await startHostileHttpServer()
  onTestFinished(() => hostile.close())
  const app = await startTestApp()
  onTestFinished(() => app.close())
  const client = app.client()
  const metadata = { display_name: MARKUP.slice(0, 80), description: MARKUP, category: MARKUP.slice(0, 40) }
  await client.integrations.create({
    name: 'markup',
    ...metadata,
    logo_url: `https://logo.example/"onerror="document.title=1`,
    mcp: { transport: 'http', server_url: hostile.url('markup'), headers: { 'X-Markup': MARKUP } },
    enabled_tools: [MARKUP, '*'],
  })
  await client.integrations.create({
    name: 'failing',
    mcp: { transport: 'stdio', command: process.execPath, args: ['-e', 'console.error(process.argv[1])', MARKUP] },
  })
  await client.agents.create({ name: MARKUP.slice(0, 64) })
  await expect.poll(async () => (await client.tools.list({ integration: 'markup' })).items.length).toBe(1)
  const failure = async () => (await client.integrations.get({ name: 'failing' })).connection.error?.message
  await expect.poll(failure).toContain('onerror')

  // Any dialog, error or breach of the content security policy fails the tab.
  const page = await openTab(await openBrowser(), app.urls.console_url(), {})
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => expect.unreachable(dialog.message())))
  for (const path of screens) {
    await page.evaluate((hash) => {
      window.location.hash = hash
    }, path)
    await page.getByText('<img src="x"').first().waitFor()
    expect(await traces(page), path).toEqual({ elements: 0, ran: false })
  }
})
