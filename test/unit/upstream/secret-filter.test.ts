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
