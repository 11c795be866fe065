import type { Page } from 'playwright-core'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  type AuthorizationServerProcess,
  type ProtectedServerProcess,
  startAuthorizationServer,
  startProtectedServer,
} from '../../helpers/oauth-servers.ts'
import { accessibilityProblems, colourProblems } from '../helpers/accessibility.ts'
import { goTo, shareConsole } from '../helpers/running-console.ts'

const shared = shareConsole()
let authorization: AuthorizationServerProcess
let server: ProtectedServerProcess

beforeAll(async () => {
  authorization = await startAuthorizationServer()
  server = await startProtectedServer({ issuers: [authorization.issuer] })
  return async () => {
    await server.stop()
    await authorization.stop()
  }
})

const signIn = (page: Page) => page.getByRole('region', { name: 'Sign-in' })
const tools = (page: Page) => page.getByRole('grid', { name: 'Tools' })

async function openConsole(): Promise<Page> {
  const page = await shared.open({ viewport: { width: 1180, height: 760 }, reducedMotion: 'reduce' })
  await page.getByRole('grid', { name: 'Integrations' }).waitFor()
  return page
}

test(
  'a server is added by its URL, signed in to in the browser, called, and signed out of',
  { timeout: 240_000 },
  async () => {
    const page = await openConsole()
    await page.keyboard.press('Control+n')
    await page.getByLabel('Paste a server URL, a command, or a JSON config').fill(server.url)
    await page.getByLabel('Name', { exact: true }).fill('hub')
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByRole('button', { name: 'Use OAuth 2' }).click({ timeout: 60_000 })
    // Nothing is to be filled in: the keyboard goes on where the button was.
    const tab = page.context().waitForEvent('page', { timeout: 60_000 })
    await page.keyboard.press('Enter')
    const browser = await tab
    await browser.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback/, { timeout: 60_000 })
    // The tab knows nothing of the console, and says what to do next.
    expect(await browser.evaluate(() => window.opener as unknown)).toBeNull()
    await browser.getByRole('heading', { name: /signed in/i }).waitFor()
    await browser.close()
    await tools(page).getByRole('row').first().waitFor({ timeout: 60_000 })
    expect(await signIn(page).count()).toBe(0)

    await page.getByRole('link', { name: 'Overview' }).click()
    await signIn(page).getByText('Signed in, renews by itself').waitFor()
    expect(await page.getByRole('main').innerText()).not.toMatch(/access_token|code=|state=/)

    await signIn(page).getByRole('button', { name: 'Diagnose' }).click()
    const dialog = page.getByRole('dialog', { name: /^Diagnose / })
    await dialog.getByRole('button', { name: 'Copy report' }).waitFor({ timeout: 60_000 })
    expect(await dialog.getByText(', failed').count()).toBe(0)
    await dialog.getByText('1 exchange').first().click()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    await signIn(page).getByRole('button', { name: 'Sign out' }).click()
    await signIn(page).getByRole('button', { name: 'Authorise' }).waitFor()
    expect((await authorization.requests('revocation')).length).toBeGreaterThan(0)
    await page.getByRole('link', { name: /^Integrations.*1 to sign in/ }).waitFor()
    // Its tools stay in the list; what they wait for stands above them.
    await page
      .getByRole('navigation', { name: /^Parts of/ })
      .getByRole('link', { name: /^Tools/ })
      .click()
    await tools(page).getByRole('row').first().waitFor()
    await signIn(page).waitFor()
  },
)

test('a sign-in that waits survives a reload, and is opened again or cancelled', { timeout: 180_000 }, async () => {
  const client = shared.running.client()
  await client.integrations.create({
    name: 'waits',
    mcp: { transport: 'http', server_url: server.url },
    auth_type: 'oauth2',
  })
  onTestFinished(() => client.integrations.remove({ name: 'waits' }))
  await client.integrations.authorize({ name: 'waits' })
  const page = await openConsole()
  await goTo(page, '/integrations/waits/overview')
  await signIn(page).getByText('Waiting for your browser').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await colourProblems(page)).toEqual([])
  await signIn(page).getByRole('button', { name: 'Cancel' }).click()
  await signIn(page).getByRole('button', { name: 'Authorise' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  expect((await client.integrations.get({ name: 'waits' })).oauth?.waiting).toBeNull()
  // The form is as quiet, until it is asked.
  await goTo(page, '/integrations/waits/connection')
  await page.getByRole('button', { name: /^Advanced: client/ }).click()
  await page.getByText('More: endpoints, private key, audience').click()
  await page.getByLabel('Token URL').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
})
