import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import { startAuthorizationServer, startProtectedServer } from '../../helpers/oauth-servers.ts'
import { openDesktop, runDesktop, temporaryDataDir, type Desktop } from '../helpers/desktop.ts'
import { installSystemBrowser } from '../helpers/system-browser.ts'

const forged = 'gatehouse://oauth/callback?code=forged-code&state=forged-state'
const overview = '#/integrations/guarded/overview'
// The app, two servers and a browser start in each of them.
vi.setConfig({ testTimeout: 240_000 })

/** An authorization server, a server that wants its tokens, a desktop with a browser, and the app in it. */
async function setUp() {
  const authorizationServer = await startAuthorizationServer()
  onTestFinished(authorizationServer.stop)
  const guarded = await startProtectedServer({ issuers: [authorizationServer.issuer] })
  onTestFinished(guarded.stop)
  const dataDir = await temporaryDataDir()
  const browser = await installSystemBrowser(dataDir)
  return {
    authorizationServer,
    guarded,
    dataDir,
    browser,
    open: (...args: string[]) => openDesktop({ dataDir, env: browser.env, args }),
    startAgain: (link: string) => runDesktop({ dataDir, env: browser.env, args: [link] }),
    tokenRequests: async () => (await authorizationServer.requests('token')).length,
    log: () => readFileSync(join(dataDir, 'logs', 'gatehouse.log'), 'utf8'),
  }
}

const clientOf = ({ run }: Desktop) => createHttpClient({ apiUrl: run.api_url, token: run.admin_token })
const stateOf = async (desktop: Desktop) => (await clientOf(desktop).integrations.get({ name: 'guarded' })).oauth
const hashOf = ({ page }: Desktop) => new URL(page.url()).hash

async function addGuarded(desktop: Desktop, serverUrl: string, oauth: Partial<OAuthSettings>): Promise<void> {
  await clientOf(desktop).integrations.create({
    name: 'guarded',
    display_name: 'Guarded',
    protocol: 'mcp',
    mcp: { transport: 'http', server_url: serverUrl },
    auth_type: 'oauth2',
    auth: { oauth },
  })
}

async function expectSignedIn(desktop: Desktop): Promise<void> {
  await vi.waitFor(async () => {
    const { oauth, connection } = await clientOf(desktop).integrations.get({ name: 'guarded' })
    expect(oauth?.state, oauth?.problem?.message).toBe('signed_in')
    expect(connection.state, connection.error?.message).toBe('connected')
    expect(connection.tool_count).toBeGreaterThan(0)
  })
  await vi.waitFor(() => expect(hashOf(desktop)).toBe(overview))
}

/** The messages that the desktop would show, in place of it. */
async function collectMessages({ app }: Desktop) {
  await app.evaluate(({ Notification }) => {
    const shown: Electron.Notification[] = []
    Reflect.set(globalThis, 'shownMessages', shown)
    Notification.isSupported = () => true
    Notification.prototype.show = function (this: Electron.Notification) {
      shown.push(this)
    }
  })
  return {
    all: () =>
      app.evaluate(() =>
        (Reflect.get(globalThis, 'shownMessages') as Electron.Notification[]).map(({ title, body }) => ({
          title,
          body,
        })),
      ),
    click: () =>
      app.evaluate(() => (Reflect.get(globalThis, 'shownMessages') as Electron.Notification[])[0]?.emit('click')),
  }
}

test('the browser brings a sign-in back by a link, once', async () => {
  const { guarded, browser, open, startAgain, tokenRequests, log } = await setUp()
  const desktop = await open()
  await addGuarded(desktop, guarded.url, { redirect: 'deep_link' })
  expect(await clientOf(desktop).integrations.authorize({ name: 'guarded', open: true })).toMatchObject({
    opened: true,
    redirect_uri: expect.stringMatching(/^gatehouse:\/\/oauth\/callback\/[0-9a-f]{32}$/) as string,
  })
  await expectSignedIn(desktop)

  const [opened, came] = await browser.browsed()
  expect(opened?.opened).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/.*redirect_uri=gatehouse%3A%2F%2Foauth%2Fcallback%2F/)
  const link = came?.link ?? ''
  expect(link).toMatch(/^gatehouse:\/\/oauth\/callback\/[0-9a-f]{32}\?.*code=/)

  // The same link again, as somebody who has found it in a history would open it.
  const messages = await collectMessages(desktop)
  const before = await tokenRequests()
  expect(await startAgain(link)).toBe(0)
  await vi.waitFor(async () => expect(await messages.all()).toHaveLength(1))
  expect((await messages.all())[0]?.body).toMatch(/^This sign-in is not known\./)
  expect(await tokenRequests()).toBe(before)
  expect((await stateOf(desktop))?.state).toBe('signed_in')
  const { code, state } = Object.fromEntries(new URL(link).searchParams)
  for (const secret of [code, state]) expect(log()).not.toContain(secret)
})

test('a link finishes a sign-in although the application was closed meanwhile', async () => {
  const { guarded, browser, open } = await setUp()
  await browser.hold()
  const first = await open()
  await addGuarded(first, guarded.url, { redirect: 'deep_link' })
  await clientOf(first).integrations.authorize({ name: 'guarded', open: true })
  await vi.waitFor(async () => expect((await browser.browsed())[1]?.link).toBeDefined())
  await first.quit()

  const second = await open((await browser.browsed())[1]?.link ?? '')
  await expectSignedIn(second)
})

test('a forged link changes nothing, and the sign-in that waits goes on', async () => {
  const { guarded, browser, open, startAgain, tokenRequests, log } = await setUp()
  await browser.hold()
  const desktop = await open()
  await addGuarded(desktop, guarded.url, { redirect: 'deep_link' })
  await clientOf(desktop).integrations.authorize({ name: 'guarded', open: true })
  await vi.waitFor(async () => expect((await browser.browsed())[1]?.link).toBeDefined())

  const messages = await collectMessages(desktop)
  expect(await startAgain(forged)).toBe(0)
  await vi.waitFor(async () => expect(await messages.all()).toHaveLength(1))
  expect(JSON.stringify(await messages.all())).not.toMatch(/forged/)
  expect(log()).not.toMatch(/forged/)
  expect(await tokenRequests()).toBe(0)
  expect(await stateOf(desktop)).toMatchObject({ state: 'signed_out', waiting: { redirect: 'deep_link' } })

  expect(await startAgain((await browser.browsed())[1]?.link ?? '')).toBe(0)
  await expectSignedIn(desktop)
})

test('a browser that came back to the gateway leads to the console, on that integration', async () => {
  const { guarded, browser, open } = await setUp()
  const desktop = await open()
  await addGuarded(desktop, guarded.url, {})
  await clientOf(desktop).integrations.authorize({ name: 'guarded', open: true })
  await expectSignedIn(desktop)
  const [, came] = await browser.browsed()
  expect(came?.answer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback\/[0-9a-f]{32}\?/)
  expect(came?.link).toBe('gatehouse://integration/guarded')
  const { code = '', state = '' } = Object.fromEntries(new URL(came?.answer ?? '').searchParams)
  for (const secret of [code, state]) expect(came?.page).not.toContain(secret)
})

test('a sign-in page that is no web page is never opened', async () => {
  const { authorizationServer, guarded, browser, open } = await setUp()
  const desktop = await open()
  await addGuarded(desktop, guarded.url, {})
  const authorize = () => clientOf(desktop).integrations.authorize({ name: 'guarded', open: true })
  for (const address of [
    'vscode://x/y',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://192.0.2.1/a',
    'a:$(id)',
  ]) {
    await authorizationServer.change({ endpoints: { metadata: { add: { authorization_endpoint: address } } } })
    await expect(authorize(), address).rejects.toThrow()
  }
  expect(await browser.browsed()).toEqual([])
  // It was the address alone.
  await authorizationServer.change({ endpoints: { metadata: null } })
  expect(await authorize()).toMatchObject({ opened: true })
  await expectSignedIn(desktop)
})

test('a grant that ends is told by the desktop, which leads to the integration', async () => {
  const { authorizationServer, guarded, open } = await setUp()
  const desktop = await open()
  await addGuarded(desktop, guarded.url, {})
  await clientOf(desktop).integrations.authorize({ name: 'guarded', open: true })
  await expectSignedIn(desktop)
  await desktop.page.getByRole('link', { name: 'Settings' }).click()
  const messages = await collectMessages(desktop)

  await authorizationServer.change({ forget: ['AccessToken', 'RefreshToken', 'Grant'] })
  await guarded.change({ refuse: 'seen' })
  await clientOf(desktop).integrations.restart({ name: 'guarded' })
  await vi.waitFor(async () => expect(await messages.all()).toHaveLength(1))
  expect(await messages.all()).toMatchObject([{ title: 'Sign in to Guarded' }])
  await messages.click()
  await vi.waitFor(() => expect(hashOf(desktop)).toBe(overview))
})
