import { expect, it } from 'vitest'
import { SecretFilter } from '../../../src/main/upstream/secret-filter.ts'

const SECRET = 'canary-0123456789'
const filter = new SecretFilter({
  env: { KEY: SECRET, TABBED: 'one\ttwo\tthree' },
  headers: { 'X-Key': `Bearer ${SECRET}-2` },
})

it.each([
  ['as it is', SECRET],
  ['coloured within', `canary-\x1b[31m0123456789`],
  ['with a title within', `canary-\x1b]0;title\x070123456789`],
  ['with control characters of its own', 'one\ttwo\tthree'],
])('finds a secret %s', (_how, written) => {
  expect(filter.readable(`it is ${written}.`)).toBe('it is [redacted].')
})

it('leaves other words as they are, without their colours', () => {
  expect(filter.readable('\x1b[1mready\x1b[0m on 7420')).toBe('ready on 7420')
})

it('finds each token that was sent, until it has long ended', () => {
  const learning = new SecretFilter({ env: {}, headers: {} })
  const token = (number: number) => `access-token-${number}-of-many`
  for (let number = 1; number <= 10; number++) learning.learn(`Bearer ${token(number)}`)
  learning.learn(`Bearer ${token(10)}`)
  expect(learning.text(`${token(3)}, Bearer ${token(10)}`)).toBe('[redacted], [redacted]')
  expect(learning.text(token(2))).toBe(token(2))
})

it('reaches as far as the longest token that it has learned', () => {
  const learning = new SecretFilter({ env: { KEY: SECRET }, headers: {} })
  const before = learning.reach
  learning.learn(`Bearer ${'x'.repeat(1_000)}`)
  expect(learning.reach).toBeGreaterThan(Math.max(before, 1_000))
})
