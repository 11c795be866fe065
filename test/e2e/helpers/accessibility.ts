import axe, { type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What axe finds wrong with the page as it is: WCAG 2.2 A and AA, best practice, and what it still tries out. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // WCAG 2.2's only rule of its own is off by default.
  const { passed, problems } = await run(page, { rules: { 'target-size': { enabled: true } } })
  expect(passed, 'rules that had something to look at').toBeGreaterThan(10)
  return problems
}

/** Of the same page in another theme: the rules that look at colours. All others see what they saw before. */
export async function colourProblems(page: Page): Promise<string[]> {
  const { passed, problems } = await run(page, { runOnly: ['color-contrast', 'link-in-text-block'] })
  expect(passed, 'rules that had something to look at').toBeGreaterThan(0)
  return problems
}

/** In the page itself, which has no frames: axe's builder for Playwright opens another page for each run, to look at them. */
async function run(page: Page, options: RunOptions): Promise<{ passed: number; problems: string[] }> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  return await page.evaluate(async (runOptions) => {
    if (document.querySelector('iframe, frame')) throw new Error('The page has frames, which are not looked into.')
    // A button that has just become usable is still half as faint as one that is not.
    const ends = () =>
      document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    for (let running = ends(); running.length > 0; running = ends()) {
      await Promise.all(running.map(({ finished }) => finished.catch(() => undefined)))
    }
    const { run: look } = Reflect.get(window, 'axe') as typeof axe
    const { violations, passes } = await look(document, { ...runOptions, resultTypes: ['violations'] })
    const problems = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`))
    return { passed: passes.length, problems }
  }, options)
}
