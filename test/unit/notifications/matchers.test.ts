import { expect, it } from 'vitest'
import { compileMatchers, firstMiss, type MatchedEvent } from '../../../src/main/notifications/matchers.ts'
import type { Matcher } from '../../../src/shared/contract/rules.ts'

const event: MatchedEvent = {
  labels: { team: 'core', severity: 'page', empty: '' },
  source: 'prometheus',
  service: 'api',
  severity: 'high',
  type: 'incident',
  status: 'open',
  title: 'Many errors\nin two lines',
}

async function miss(label: string, op: Matcher['op'], value: string): Promise<string | undefined> {
  return firstMiss(await compileMatchers([{ label, op, value }]), event)
}

it.each<[string, Matcher['op'], string, boolean]>([
  ['team', '=', 'core', true],
  ['team', '=', 'cor', false],
  ['team', '!=', 'web', true],
  ['team', '!=', 'core', false],
  ['team', '=~', 'core|web', true],
  ['team', '=~', 'co|core', true],
  ['team', '=~', 'cor', false],
  ['team', '=~', 'ore', false],
  ['team', '!~', 'web|db', true],
  ['team', '!~', 'c.*', false],
  ['title', '=~', 'Many.*', true],
  ['missing', '=', '', true],
  ['missing', '=~', '.+', false],
  ['missing', '!=', 'x', true],
  ['constructor', '=', '', true],
  ['source', '=', 'prometheus', true],
  ['service', '=~', 'a.i', true],
  ['type', '=', 'incident', true],
  ['status', '!=', 'resolved', true],
  // A label goes before the field of its name.
  ['severity', '=', 'page', true],
])('%s%s%j: %s', async (label, op, value, matches) => {
  expect((await miss(label, op, value)) === undefined).toBe(matches)
})

it('says which matcher decided, and what was there', async () => {
  expect(await miss('team', '=', 'web')).toBe('matcher team="web": it is "core"')
})

it('names the patterns that are none', async () => {
  const matchers: Matcher[] = [
    { label: 'a', op: '=~', value: 'fine' },
    { label: 'b', op: '=~', value: '(' },
    { label: 'c', op: '!~', value: '(?=look)' },
  ]
  await expect(compileMatchers(matchers)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [{ path: 'when.matchers.1.value' }, { path: 'when.matchers.2.value' }],
  })
})

it('is not held up by a pattern that takes a backtracking engine for ever', async () => {
  const matchers = await compileMatchers([{ label: 'team', op: '=~', value: '(a+)+b' }])
  const started = performance.now()
  expect(firstMiss(matchers, { ...event, labels: { team: 'a'.repeat(4_096) } })).toBeDefined()
  expect(performance.now() - started).toBeLessThan(2_000)
})

it.each(['((a{1,30}){1,30})', '(?:(?:a{0,20}){0,20}){2}', '(a?){400}'])(
  'an expression whose repeats multiply is refused: %s',
  async (value) => {
    await expect(compileMatchers([{ label: 'x', op: '=~', value }])).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'when.matchers.0.value', message: expect.stringContaining('too large') as string }],
    })
  },
)

it('an expression that is usual is taken, and matches values of any length', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `service-${index}`).join('|')
  const values = ['[a-z0-9.-]{1,253}', names, '.*(timeout|refused|unreachable).*']
  const [host, service, words] = await compileMatchers(values.map((value) => ({ label: 'x', op: '=~', value })))
  expect(host?.matches('a'.repeat(253))).toBe(true)
  expect(service?.matches('service-29')).toBe(true)
  expect(words?.matches(`${'x'.repeat(4_000)} timeout`)).toBe(true)
})

it('a value that is too long for a large expression does not match it', async () => {
  const given = ['=~', '!~'].map((op) => ({ label: 'x', op: op as Matcher['op'], value: '.*a.{200}' }))
  const [is, isNot] = await compileMatchers(given)
  const [short, long] = [`a${'b'.repeat(200)}`, 'ab'.repeat(2_000)]
  expect([is?.matches(short), isNot?.matches(short)]).toEqual([true, false])
  expect([is?.matches(long), isNot?.matches(long)]).toEqual([false, true])
})
