import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../src/main/rest/answer/answer-body.ts'
import { compactJson, decodedText } from '../../../src/main/rest/answer/answer-text.ts'
import { apiMessage, pageMessage } from '../../../src/main/rest/answer/api-message.ts'
import { ExactNumber, parseExact, writeJson } from '../../../src/main/rest/exact-numbers.ts'
import { retryAfterMs } from '../../../src/main/rest/client/retry-after.ts'

describe('numbers', () => {
  it.each([
    '12345678901234567890',
    '{"a":[9007199254740993,0.1,1e21,-1e-20],"b":{"c":1e999}}',
    '[0.12345678901234567890123]',
    '{"__proto__":{"n":12345678901234567890}}',
    '"12345678901234567890"',
  ])('of %s go through as they came', (json) => {
    expect(JSON.parse(writeJson(parseExact(json)).replace(/\d{16,}/g, '0'))).toStrictEqual(
      JSON.parse(json.replace(/\d{16,}/g, '0')),
    )
    for (const digits of json.match(/\d{16,}/g) ?? []) expect(writeJson(parseExact(json))).toContain(digits)
  })

  it('stay numbers where a double holds them', () => {
    expect(parseExact('{"a":1.0,"b":1e5,"c":1234567890123456}')).toStrictEqual({ a: 1, b: 1e5, c: 1234567890123456 })
    expect(parseExact('[12345678901234567890]')).toStrictEqual([new ExactNumber('12345678901234567890')])
  })

  it.each([40, 2_000])(
    'below %i levels are as JSON.parse has them: each level is read again for the next',
    (levels) => {
      const json = `${'['.repeat(levels)}12345678901234567890${']'.repeat(levels)}`
      expect(writeJson(parseExact(json))).toContain('12345678901234567000')
    },
  )

  it('are not made of strings', () => {
    expect(writeJson({ a: 'exact-number:1', b: ['exact-number::2'] })).toBe(
      '{"a":"exact-number:1","b":["exact-number::2"]}',
    )
  })
})

describe('an answer', () => {
  const read = (chunks: string[], announced?: number) =>
    readAnswer(Readable.from(chunks.map((text) => Buffer.from(text))), announced, { wholeBytes: 10, endBytes: 4 })

  it('is read as a whole up to its limit', async () => {
    expect(await read(['12345', '67890'])).toStrictEqual({ head: Buffer.from('1234567890'), tail: null, total: 10 })
    expect(await read([])).toStrictEqual({ head: Buffer.alloc(0), tail: null, total: 0 })
  })

  it.each([[['12345678901']], [['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '1']], [['12345', '', '678901']]])(
    'of %j is kept at both ends',
    async (chunks) => {
      const { head, tail, total } = await read(chunks)
      expect([head.toString(), tail?.toString(), total]).toStrictEqual(['1234', '8901', 11])
    },
  )

  it('without an end is left after a while', async () => {
    const chunk = Buffer.alloc(1024 * 1024)
    let given = 0
    const endless = new Readable({
      read() {
        given++
        this.push(chunk)
      },
    })
    const { head, total } = await readAnswer(endless, undefined, { wholeBytes: 10, endBytes: 4 })
    expect(head).toHaveLength(4)
    expect(total).toBeNull()
    expect(given).toBeLessThan(80)
    expect(endless.destroyed).toBe(true)
  })
})

describe('text', () => {
  it('loses only the white space between tokens', () => {
    expect(compactJson('{\n\t"a b" : [ 1.0 , "\\"  \\\\" ],\r\n "c":\n{} }')).toBe('{"a b":[1.0,"\\"  \\\\"],"c":{}}')
    expect(compactJson('{"a": 1}')).toBe('{"a": 1}')
  })

  it('is read in a charset that nobody knows as UTF-8', () => {
    expect(decodedText(Buffer.from('ä'), 'text/plain; charset="no-such"')).toBe('ä')
    expect(decodedText(Buffer.from([0xe4]), 'text/plain;charset=ISO-8859-1')).toBe('ä')
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2015 00:00:30 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms)
  })
})

describe("an API's message", () => {
  it.each([
    [{ error: 'no' }, 'no'],
    [{ error: { code: 'bad', message: 'no' } }, 'no'],
    [{ type: 'x', title: 'T', detail: 'D' }, 'D'],
    [{ errors: ['a', { field: 'f', message: 'b' }] }, 'a\nf: b'],
    [{ message: 'Invalid', errors: { name: ["can't be blank"] } }, "Invalid\nname: can't be blank"],
    [{ code: 'E42' }, 'E42'],
    [{ anything: 1 }, ''],
    [[1], ''],
    [null, ''],
    ['\x1b[31mred\x1b[0m', 'red'],
  ])('in %j is %j', (value, message) => {
    expect(apiMessage(value)).toBe(message)
  })

  it('is the title of a page', () => {
    expect(pageMessage('<html><head><title lang="en">Bad Gateway</title>')).toBe('Bad Gateway')
    // Followed to the end from each of them: longer than the test may.
    expect(pageMessage(`<html>${'<title '.repeat(60_000)}`)).toBe('')
  })
})
