import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { createHttpClient } from '../../helpers/http-client.ts'
import { images } from '../../helpers/images.ts'
import { startTestApp, type Client } from '../../helpers/start-app.ts'
import { openBrowser, openTab } from '../helpers/browser-console.ts'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'
import { serveHttp } from '../../helpers/serve-http.ts'

const name = 'with-logo'

/** An image that tries to run, and to load what tells that it was looked at. */
async function hostileLogo() {
  const asked: string[] = []
  const origin = await serveHttp(({ url = '' }, response) => {
    asked.push(url)
    response.end(svg)
  })
  const svg = images.svg
    .toString()
    .replace(
      '</svg>',
      `<script>document.title = 'ran'</script><image href="${origin}/spy.png" width="1" height="1"/></svg>`,
    )
    .replace('<rect', `<rect onload="document.title = 'ran'"`)
  return { url: `${origin}/logo.svg`, asked }
}

/** Adds the integration, waits until the page shows its logo, and answers where that is. */
async function shownLogo(page: Page, client: Client, logo_url: string): Promise<string> {
  await client.integrations.create({ name, logo_url, mcp: { transport: 'stdio', command: 'no-such-command' } })
  const image = page.getByRole('row', { name }).locator('img[data-shown]')
  await image.waitFor()
  const box = await image.boundingBox()
  expect([box?.width, box?.height]).toEqual([28, 28])
  expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBeGreaterThan(0)
  expect(await image.evaluate((element) => getComputedStyle(element).opacity)).toBe('1')
  await page.getByRole('row', { name }).click()
  await page.getByRole('heading', { name }).waitFor()
  await page.locator('header img[data-shown]').waitFor()
  const path = await page.locator('header img').getAttribute('src')
  expect(path).toMatch(/^\/logos\/[0-9a-f]{64}$/)
  return path ?? ''
}

test('a browser shows a logo, which runs nothing, loads nothing and is seen by no other origin', async () => {
  const { url, asked } = await hostileLogo()
  const app = await startTestApp()
  onTestFinished(() => app.close())
  const browser = await openBrowser()
  const page = await openTab(browser, app.urls.console_url(), {})
  const path = await shownLogo(page, app.client(), url)
  expect(await page.title()).not.toBe('ran')

  // Opened by itself it is a page of the console's origin.
  const alone = await openTab(browser, app.origin + path, {
    expected: /Content Security Policy|sandboxed|asked another host.*spy/,
  })
  await alone.locator('rect').waitFor()
  expect(await alone.title()).not.toBe('ran')
  // What the browser wanted to ask never left it.
  expect(asked).toEqual(['/logo.svg'])

  const other = await serveHttp((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end())
  const stranger = await openTab(browser, other, { expected: /ERR_BLOCKED_BY_RESPONSE|404|asked another host/ })
  const load = async (address: string) =>
    await stranger.evaluate(
      (src) =>
        new Promise((done) => {
          const image = new Image()
          image.onload = () => done('load')
          image.onerror = () => done('error')
          image.src = src
        }),
      address,
    )
  expect(await load(app.origin + path)).toBe('error')
})

test('the window shows a logo', async () => {
  const { url, asked } = await hostileLogo()
  // Of the addresses that are asked at the end.
  const expectedErrors = [/status of 404/]
  const { page, run } = await openDesktop({ dataDir: await temporaryDataDir(), expectedErrors })
  const client = createHttpClient({ apiUrl: run.api_url, token: run.admin_token })
  const path = await shownLogo(page, client, url)
  expect(await page.title()).not.toBe('ran')
  expect(asked).toEqual(['/logo.svg'])
  const statuses = await page.evaluate(
    async (paths) => await Promise.all(paths.map(async (one) => (await fetch(one)).status)),
    [path, `/logos/${'0'.repeat(64)}`, '/logos/../run.json', '/logos/..%2frun.json'],
  )
  expect(statuses).toEqual([200, 404, 404, 404])
})
