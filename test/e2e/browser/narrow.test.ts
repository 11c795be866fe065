import { expect, test } from 'vitest'
import { openBrowser, openTab, serveConsole } from '../helpers/browser-console.ts'

const screens = [
  { path: '/integrations', shown: 'Add integration' },
  { path: '/integrations/new', shown: 'Add and show tools' },
  { path: '/integrations/new/rest', shown: 'Import OpenAPI' },
  { path: '/integrations/new/openapi', shown: 'Choose file' },
  { path: '/integrations/everything/overview', shown: 'Protocol' },
  { path: '/integrations/everything/tools', shown: 'Agents see 17 of 17' },
  { path: '/integrations/everything/connection', shown: 'Save connection' },
  { path: '/integrations/everything/traffic', shown: 'Pause' },
  { path: '/integrations/everything/output', shown: 'Copy all' },
  { path: '/traffic', shown: 'Clear log' },
  { path: '/traffic/changes', shown: 'Applied a file' },
  { path: '/playground?tool=everything__echo', shown: 'Call tool' },
  { path: '/agents', shown: 'Add agent' },
  { path: '/settings/gateway', shown: 'Data folder' },
]

test.each([
  { name: 'the smallest window', viewport: { width: 960, height: 640 } },
  { name: 'a zoom of 200 %', viewport: { width: 590, height: 380 } },
])('at $name nothing that can be used is cut off at the side', async ({ viewport }) => {
  const page = await openTab(await openBrowser(), await serveConsole(), { viewport })
  await page.getByText('Connected').first().waitFor()
  const cut: string[] = []
  for (const { path, shown } of screens) {
    await page.evaluate((hash) => {
      window.location.hash = hash
    }, path)
    await page.getByText(shown).first().waitFor()
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main :is(button, a, input, textarea, h1)')]
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect()
          return width > 0 && (left < 0 || right > window.innerWidth)
        })
        .map(({ textContent, ariaLabel }) => ariaLabel ?? textContent),
    )
    const [title] = await page.locator('main h1').evaluateAll((titles) => titles.map(({ clientWidth }) => clientWidth))
    if ((title ?? 0) < 60) outside.push(`the title is ${title} px wide`)
    cut.push(...outside.map((what) => `${path}: ${what}`))
  }
  expect(cut).toEqual([])
})
