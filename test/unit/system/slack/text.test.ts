import { describe, expect, it } from 'vitest'
import { escaped, escapedTo, link, parts } from '../../../../src/main/system/slack/slack-text.ts'

const HALF_A_CHARACTER = /\p{Cs}/u

describe('texts of somebody else in Slack', () => {
  it('are no commands', () => {
    expect(escaped('<!channel> & <@U1> <https://a|b>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://a|b&gt;')
  })

  it('are never cut inside an entity, nor inside a character', () => {
    for (let most = 2; most < 30; most++) {
      const text = escapedTo('a<b>&c😀d<e>&f😀', most)
      expect(text.length).toBeLessThanOrEqual(most)
      expect(text.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&')
      expect(HALF_A_CHARACTER.test(text)).toBe(false)
    }
  })

  it('stay whole where they fit', () => {
    expect(escapedTo('a < b', 8)).toBe('a &lt; b')
    expect(escapedTo('a < b', 7)).toBe('a &lt;…')
  })

  it('come in parts that put together are the whole', () => {
    const text = escaped('line one\nline <two> & more\n😀😀😀😀😀😀😀😀 no end of line'.repeat(20))
    const all = parts(text, 40)
    expect(Math.max(...all.map((part) => part.length))).toBeLessThanOrEqual(40)
    expect(all.every((part) => !HALF_A_CHARACTER.test(part))).toBe(true)
    expect(all.join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''))
    expect(all.every((part) => !/&[a-z]{0,3}$/.test(part))).toBe(true)
  })
})

describe('a link', () => {
  it('leads where it says', () => {
    expect(link('https://example.com/?a=1&b=2', 'See <it> | now')).toBe(
      '<https://example.com/?a=1&amp;b=2|See &lt;it&gt; ¦ now>',
    )
  })

  it('does not end early', () => {
    expect(link('https://example.com/a|b>c d', '')).toBe('<https://example.com/a%7Cb%3Ec%20d>')
  })
})
