import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowser, openTab, serveConsole } from './helpers/browser-console.ts'

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

const screens: { path: string; shown: (page: Page) => Locator }[] = [
  { path: '/integrations', shown: (page) => page.getByRole('grid', { name: 'Integrations' }) },
  { path: '/integrations/new', shown: (page) => page.getByRole('region', { name: 'Connection test' }) },
  { path: '/integrations/everything/overview', shown: (page) => page.getByText('Protocol').first() },
  { path: '/integrations/everything/tools', shown: (page) => page.getByRole('grid', { name: 'Tools' }) },
  { path: '/integrations/everything/connection', shown: (page) => page.getByRole('form', { name: 'Connection' }) },
  { path: '/integrations/everything/traffic', shown: (page) => page.getByText(/^No calls of everything yet/) },
  { path: '/integrations/everything/output', shown: (page) => page.getByRole('log') },
  { path: '/traffic', shown: (page) => page.getByText(/^No calls yet/) },
  { path: '/traffic/changes', shown: (page) => page.getByRole('grid', { name: 'Changes' }) },
  { path: '/agents', shown: (page) => page.getByRole('grid', { name: 'Agents' }) },
  { path: '/agents?tab=profiles', shown: (page) => page.getByText(/^No profiles yet\./) },
  { path: '/agents?tab=connect', shown: (page) => page.getByRole('list', { name: 'Clients' }) },
  { path: '/integrations/import?from=document', shown: (page) => page.getByRole('button', { name: 'Choose file' }) },
  { path: '/settings/general', shown: (page) => page.getByRole('region', { name: 'Appearance' }) },
  { path: '/settings/gateway', shown: (page) => page.getByRole('region', { name: 'Addresses' }) },
  { path: '/settings/vault', shown: (page) => page.getByRole('region', { name: 'Key' }) },
  { path: '/settings/plan', shown: (page) => page.getByRole('region', { name: 'Workspaces' }) },
  { path: '/settings/about', shown: (page) => page.getByRole('region', { name: 'Built with' }) },
]

test.each(['light', 'dark'] as const)('every screen can be used by everyone, in %s', async (colorScheme) => {
  const link = await serveConsole()
  const page = await openTab(await openBrowser(), link, { colorScheme, reducedMotion: 'reduce' })
  await page.getByText('Connected').first().waitFor()
  const problems: string[] = []
  for (const { path, shown } of screens) {
    await page.evaluate((hash) => {
      window.location.hash = hash
    }, path)
    await shown(page).waitFor()
    const { violations, passes } = await new AxeBuilder({ page }).analyze()
    expect(passes.length).toBeGreaterThan(10)
    for (const { id, nodes } of violations) problems.push(...nodes.map(({ html }) => `${path} ${id} ${html}`))
  }
  expect(problems).toEqual([])
})
