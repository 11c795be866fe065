import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../../src/renderer/theme.css', import.meta.url), 'utf8')
const tokens = Object.fromEntries(
  [...css.matchAll(/--color-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
)

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string, theme: 'light' | 'dark'): number {
  const [low = 0, high = 0] = [one, other].map((name) => luminance(tokens[name]?.[theme] ?? '')).sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['bg', 'surface', 'sunken']
const textPairs = [
  ...['ink', 'muted', 'subtle', 'accent'].flatMap((text) => grounds.map((ground) => [text, ground])),
  ...['ok', 'warn', 'err', 'info'].flatMap((tone) => [...grounds, `${tone}-soft`].map((ground) => [tone, ground])),
  ...['ink', 'muted', 'subtle', 'accent-ink'].map((text) => [text, 'accent-soft']),
  ...['ok', 'warn', 'err', 'info'].map((tone) => ['ink', `${tone}-soft`]),
  ['accent-fg', 'accent'],
  ['bg', 'err'],
  ['bg', 'ink'],
] as [string, string][]

it('reads every token of the theme', () => {
  expect(Object.keys(tokens)).toHaveLength(21)
})

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  it.each(textPairs)('%s on %s is readable', (text, ground) => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['bg', 'surface'])('the edge of a control stands out on %s', (ground) => {
    expect(contrast('line-strong', ground, theme)).toBeGreaterThanOrEqual(3)
    expect(contrast('accent', ground, theme)).toBeGreaterThanOrEqual(3)
  })
})
