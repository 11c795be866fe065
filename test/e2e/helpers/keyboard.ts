import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What has the focus, by its role or tag and the start of its name. */
export const focus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document
    const labels = activeElement instanceof HTMLInputElement ? activeElement.labels : undefined
    const name = activeElement?.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? activeElement?.textContent
    return `${activeElement?.role ?? activeElement?.tagName.toLowerCase() ?? ''} ${(name ?? '').slice(0, 40)}`
  })

/** Presses each of the keys, and waits until what is `expected` has the focus. */
export async function press(page: Page, keys: string, expected: RegExp): Promise<void> {
  for (const key of keys.split(' ')) await page.keyboard.press(key)
  await expect.poll(() => focus(page), { message: `after ${keys}`, timeout: 20_000 }).toMatch(expected)
}

/** Tab, as often as it takes to get there; what can't be reached by it fails. */
export async function tabTo(page: Page, expected: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  while (passed.length < 40) {
    await page.keyboard.press(key)
    const now = await focus(page)
    if (expected.test(now)) return
    passed.push(now)
  }
  throw new Error(`${key} does not lead to ${expected.source}, but past ${passed.join(', ')}`)
}
