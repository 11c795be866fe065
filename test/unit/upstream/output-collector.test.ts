import { describe, expect, it } from 'vitest'
import { OutputCollector } from '../../../src/main/upstream/output-collector.ts'
import { OutputRing } from '../../../src/main/upstream/output-ring.ts'
import { SecretFilter } from '../../../src/main/upstream/secret-filter.ts'

const secret = 'sk-0123456789-secret'

function collect(env: Record<string, string> = {}) {
  const ring = new OutputRing()
  const collector = new OutputCollector(ring, new SecretFilter({ headers: {}, env }))
  const push = (text: string) => collector.push(Buffer.from(text))
  const texts = () => ring.lines().map(({ text }) => text)
  return { ring, collector, push, texts }
}

describe('what a process writes to stderr', () => {
  it('becomes lines, wherever it was cut on its way', () => {
    const { collector, push, texts } = collect()
    const bytes = Buffer.from('one\r\n  two – indented\n\n\nthree')
    for (const byte of bytes) collector.push(Buffer.from([byte]))
    collector.flush()
    expect(texts()).toEqual(['one', '  two – indented'])
    push(' and its end\nfour without an end')
    collector.end()
    expect(texts().slice(2)).toEqual(['three and its end', 'four without an end'])
  })

  it('comes without waiting for more', async () => {
    const { push, texts } = collect()
    push('hello\n')
    await expect.poll(texts).toEqual(['hello'])
  })

  it('loses terminal sequences and control characters', () => {
    const { collector, push, texts } = collect()
    push('\x1b[1;31mred\x1b[0m \x1b]0;a title\x07bell\x07 nul\0 c1\x9b2J back\b\n\x1b]8;;https://x.example\x1b\\link\n')
    collector.flush()
    expect(texts()).toEqual(['red bell  nul  c1 2J back', 'link'])
  })

  it('is cut at 4 KiB a line, between two characters', () => {
    const { collector, push, texts } = collect()
    push(`${'é'.repeat(5_000)}\nshort\n`)
    collector.flush()
    const [long = '', short] = texts()
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(4_096)
    expect(Buffer.byteLength(long)).toBeGreaterThan(4_090)
    expect(long).toMatch(/^é+…$/)
    expect(short).toBe('short')
  })

  it('an endless line is one line, and what follows it is there', () => {
    const { collector, push, texts, ring } = collect()
    for (let part = 0; part < 100; part++) {
      push('x'.repeat(60_000))
      if (part % 10 === 0) collector.flush()
    }
    push('y\nafter\n')
    collector.flush()
    const shown = texts()
    expect(shown[0]).toMatch(/^x+…$/)
    expect(shown.at(-1)).toBe('after')
    expect(shown.filter((text) => text.startsWith('x'))).toHaveLength(1)
    expect(ring.lines().length).toBeLessThanOrEqual(3)
  })
})

describe('a flood', () => {
  it('is counted, and its end is kept', () => {
    const { ring, collector, push } = collect()
    let number = 0
    for (let chunk = 0; chunk < 200; chunk++) {
      let text = ''
      while (text.length < 64_000) text += `line ${number++}\n`
      push(text)
    }
    collector.flush()
    const lines = ring.lines()
    expect(lines[0]).toMatchObject({ kind: 'event' })
    expect(lines.at(-1)).toMatchObject({ kind: 'stderr', text: `line ${number - 1}` })
    const shown = lines.filter(({ kind }) => kind === 'stderr')
    expect(shown).toHaveLength(1_000)
    // Each line was given a number, and so was the one event.
    expect(lines.at(-1)?.seq).toBe(number)
    expect(lines[0]?.text).toBe(`${number - 1_000} lines dropped.`)
  })

  it('counts lines that were cut by the end of a chunk once', () => {
    const { ring, collector } = collect()
    const whole = Buffer.from(
      Array.from({ length: 100_000 }, (_, index) => `${index}`.padStart(9, '0')).join('\n') + '\n',
    )
    for (let at = 0; at < whole.length; at += 65_521) collector.push(whole.subarray(at, at + 65_521))
    collector.flush()
    expect(ring.lines().at(-1)).toMatchObject({ seq: 100_000, text: '000099999' })
  })
})

describe('secrets', () => {
  it('are masked, also where a line or a chunk is cut inside one', () => {
    const { collector, push, texts } = collect({ KEY: secret })
    push(`key=${secret.slice(0, 7)}`)
    collector.flush()
    push(`${secret.slice(7)} failed\n${'x'.repeat(4_080)}${secret}\n`)
    collector.flush()
    expect(texts()[0]).toBe('key=[redacted] failed')
    expect(texts().join('\n')).not.toContain('sk-0')
  })

  it.each([0, 5, 10, 19])('are not shown by the beginning of an endless line that ends inside one (%i)', (inside) => {
    const { collector, push, texts } = collect({ KEY: secret })
    const { reach } = new SecretFilter({ headers: {}, env: { KEY: secret } })
    for (const length of [4_096, 4_096 + reach, 4_097 + 2 * reach]) {
      push(`${'x'.repeat(length - inside)}${secret.slice(0, inside)}`)
      collector.flush()
      push(`${secret.slice(inside)}\n`)
      collector.flush()
    }
    push(secret.repeat(400).slice(0, -3))
    collector.end()
    expect(texts().length).toBeGreaterThan(2)
    expect(texts().join('\n')).not.toContain('sk-0')
  })

  it('of many lines are masked line by line', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----'
    const { collector, push, texts } = collect({ PEM: key })
    push('the key is -----BEGIN KEY-----\n')
    collector.flush()
    push('MIIEvQIBADANBg\nkqhkiG9w0BAQEF\n')
    collector.end()
    expect(texts()).toEqual(['the key is [redacted]', '[redacted]', '[redacted]'])
  })
})
