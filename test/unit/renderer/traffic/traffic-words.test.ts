import { describe, expect, it } from 'vitest'
import { CallRate, rateWords, SECONDS } from '../../../../src/renderer/features/traffic/call-rate.ts'
import { clockWords, sizePairWords, sizeWords } from '../../../../src/renderer/features/traffic/call-words.ts'
import { changeWords, refusalWords } from '../../../../src/renderer/features/traffic/change-words.ts'
import { argumentsOf, prettyJson } from '../../../../src/renderer/features/traffic/recorded-json.ts'
import { printJson } from '../../../../src/renderer/json/print.ts'
import { call } from './call-fixture.ts'

describe('the words of a call', () => {
  it.each([
    [1_200, 4_100, '1.2 / 4.1 kB'],
    [300, 200, '300 / 200 B'],
    [120, 4_100, '0.1 / 4.1 kB'],
    [999, 1_000, '1.0 / 1.0 kB'],
    [0, 999_960, '0.0 / 1.0 MB'],
    [5_000_000, 0, '5.0 / 0.0 MB'],
  ])('%i and %i bytes are %s', (request, response, words) => {
    expect(sizePairWords(request, response)).toBe(words)
  })

  it('one size stands alone', () => {
    expect([sizeWords(0), sizeWords(999), sizeWords(4_096)]).toEqual(['0 B', '999 B', '4.1 kB'])
  })

  it('the time is told to the millisecond, on this clock', () => {
    const local = new Date(2026, 10, 24, 14, 2, 11, 204)
    expect(clockWords(local.toISOString())).toBe('14:02:11.204')
  })
})

describe('calls per second', () => {
  const now = Date.parse('2026-11-24T14:01:00.500Z')

  it('are counted in the second in which they ended, with their failures', () => {
    const rate = new CallRate()
    const last = { at: '2026-11-24T14:00:58.900Z', duration_ms: 200 }
    rate.add([call(1, last), call(2, { ...last, outcome: 'error' }), call(3, { ...last, outcome: 'cancelled' })], now)
    const seconds = rate.until(now)
    expect(seconds).toHaveLength(SECONDS)
    expect(seconds.at(-1)).toEqual({ calls: 3, errors: 1 })
    expect(rateWords(seconds)).toBe('3 in the last minute, at most 3 a second, 1 failed')
  })

  it('leave out the second that runs, and what is older than a minute', () => {
    const rate = new CallRate()
    rate.add([call(1, { at: '2026-11-24T14:01:00.100Z', duration_ms: 1 })], now)
    rate.add([call(2, { at: '2026-11-24T13:59:59.000Z', duration_ms: 1 })], now)
    expect(rateWords(rate.until(now))).toBe('No calls in the last minute')
    expect(rate.until(now + 1_000).at(-1)?.calls).toBe(1)
  })
})

describe('the words of a change', () => {
  it('say what was done to which', () => {
    expect(changeWords({ action: 'integrations.create', target: 'github' })).toEqual(['Added integration', 'github'])
    expect(changeWords({ action: 'settings.update', target: null })).toEqual(['Changed settings', ''])
    expect(changeWords({ action: 'bench.create', target: 'ops' })).toEqual(['bench.create', 'ops'])
  })

  it('say why it was refused', () => {
    expect(refusalWords('ok')).toBeUndefined()
    expect(refusalWords('name_taken')).toBe('This name is already used in this workspace.')
    expect(refusalWords('something_new')).toBe('something_new')
  })
})

describe('what was recorded of a call', () => {
  const request = '{"id":1,"params":{"name":"n","arguments":{"id":12345678901234567890}}}'

  it('keeps every number as it was written', () => {
    expect(prettyJson('{"a":12345678901234567890}')).toBe('{\n  "a": 12345678901234567890\n}')
    expect(prettyJson('{"a":')).toBeUndefined()
  })

  it('has the arguments, unless it had none or was cut', () => {
    const found = argumentsOf(request)
    expect(found && printJson(found, 0)).toBe('{"id":12345678901234567890}')
    for (const text of [request.slice(0, -1), '[]', '{"params":{"name":"n"}}', '7']) {
      expect(argumentsOf(text)).toBeUndefined()
    }
  })
})
