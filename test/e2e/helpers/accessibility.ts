import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/**
 * What axe finds wrong with the page as it is: WCAG 2.2 A and AA, best practice, and what it still tries out. Electron has
 * no second context for the frames of a page, hence `legacy` there.
 */
export async function accessibilityProblems(page: Page, { legacy = false } = {}): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page })
    .setLegacyMode(legacy)
    // WCAG 2.2's only rule of its own is off by default.
    .options({ rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] })
    .analyze()
  expect(passes.length, 'rules that had something to look at').toBeGreaterThan(10)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`))
}

/** Of the same page in another theme: the rules that look at colours. All others see what they saw before. */
export async function colourProblems(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page })
    .options({ runOnly: ['color-contrast', 'link-in-text-block'], resultTypes: ['violations'] })
    .analyze()
  expect(passes.length, 'rules that had something to look at').toBeGreaterThan(0)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`))
}
