import { describe, expect, it } from 'vitest'
import { hiddenIn, revealHidden, withoutHidden } from '../../../src/shared/hidden-characters.ts'

const hasHidden = (text: string) => hiddenIn(text).next().done !== true

describe('hidden characters', () => {
  it('are told as code points, runs together', () => {
    expect(revealHidden('a\u200B\u202Eb\u{E0041}')).toEqual([
      { text: 'a', hidden: false },
      { text: 'U+200B U+202E', hidden: true },
      { text: 'b', hidden: false },
      { text: 'U+E0041', hidden: true },
    ])
    expect(withoutHidden('a\u200Bb')).toBe('ab')
  })

  it.each([
    ['zero width', 'pay\u200Bload'],
    ['a joiner between Latin letters', 'a\u200Db'],
    ['a byte order mark', '\uFEFFhello'],
    ['a direction override', 'evil\u202Egnp.exe'],
    ['an isolate', '\u2066x\u2069'],
    ['tags', `read\u{E0072}\u{E0075}\u{E006E}`],
    ['tags behind a flag', `\u{1F3F4}${'\u{E0061}'.repeat(9)}\u{E007F}`],
    ['a selector behind a letter', 'a\uFE01'],
    ['selectors behind an emoji', '😀\uFE0F\uFE0F\uFE0F'],
    ['bytes as selectors', '😀\u{E0148}\u{E0155}'],
    ['selectors behind an ideograph', '葛\u{E0100}\u{E0101}'],
    ['a filler', 'x\u3164y'],
    ['a control', 'x\u0008y'],
    ['a private character', 'x\uE000y'],
  ])('found: %s', (_what, text) => {
    expect(hasHidden(text)).toBe(true)
  })

  it.each([
    ['line breaks, tabs, accents', 'one\r\n\ttwo é e\u0301'],
    ['joined emoji', '👩‍💻 👨🏽‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈'],
    ['emoji with a selector', '❤️ ☎️ 1️⃣'],
    ['the flag of Scotland', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['an ideograph with its variant', '葛\u{E0100}城市'],
    ['Persian', 'می\u200Cخواهم'],
    ['Hindi', 'क्\u200Dष'],
    ['Japanese', '日本語の説明'],
  ])('left alone: %s', (_what, text) => {
    expect(hasHidden(text)).toBe(false)
  })
})

it('a text of nothing but tags is looked through in one pass, with flags that never end or without', () => {
  const flag = '\u{1F3F4}'
  const tag = '\u{E0067}'
  const started = performance.now()
  for (const text of [tag.repeat(300_000), `${flag}${tag}`.repeat(150_000), flag + tag.repeat(300_000)]) {
    expect(hasHidden(text)).toBe(true)
    let count = 0
    for (const _ of hiddenIn(text)) count++
    expect(count).toBeGreaterThanOrEqual(150_000)
  }
  // Each of them took minutes when every tag looked for its flag in the whole text.
  expect(performance.now() - started).toBeLessThan(20_000)
})

it('a tag behind the end of a flag is none of the flag', () => {
  const england = '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'
  expect(hasHidden(england)).toBe(false)
  expect([...hiddenIn(`${england}\u{E0067}`)].map(({ index }) => index)).toEqual([england.length])
})
