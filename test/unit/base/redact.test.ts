import { describe, expect, it } from 'vitest'
import { Redactor } from '../../../src/main/base/redact.ts'
import { recordedLog } from '../store/fresh-store.ts'

const SECRET = 'can"ary/s3cr3t+väl\\ue'

function redactorFor(secret: string): Redactor {
  const redactor = new Redactor()
  redactor.register(secret)
  return redactor
}

describe('by value', () => {
  it.each([
    ['in clear', SECRET],
    ['inside JSON', JSON.stringify({ note: SECRET })],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a form', new URLSearchParams({ q: SECRET }).toString()],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in Basic credentials after one character', Buffer.from(`u:${SECRET}`).toString('base64')],
    ['in Basic credentials after two characters', Buffer.from(`me:${SECRET}`).toString('base64')],
    ['in Basic credentials after three characters', Buffer.from(`you:${SECRET}!`).toString('base64')],
  ])('replaces a secret %s', (_where, text) => {
    const clean = redactorFor(SECRET).text(`before ${text} after`)
    expect(clean).toContain('[redacted]')
    expect(clean).toMatch(/^before .* after$/)
    // What stays of base64 next to the secret is less than its first characters.
    expect(clean.length).toBeLessThan('before  after'.length + 30)
  })

  it('leaves values alone that are too short to be told from other text', () => {
    expect(redactorFor('true').text('it is true')).toBe('it is true')
  })

  it('replaces the longer of two secrets that share their start', () => {
    const redactor = redactorFor('prefix-secret')
    redactor.register('prefix-secret-and-more')
    expect(redactor.text('x prefix-secret-and-more y')).toBe('x [redacted] y')
  })
})

describe('a secret that passes', () => {
  it('is replaced until many others came after it', () => {
    const redactor = redactorFor('one-for-good')
    redactor.registerPassing('first-passing')
    redactor.registerPassing('one-for-good')
    for (let others = 0; others < 127; others++) redactor.registerPassing(`another-passing-${others}`)
    expect(redactor.text('first-passing one-for-good another-passing-0')).toBe('first-passing [redacted] [redacted]')
    for (let others = 0; others < 500; others++) redactor.registerPassing(`more-${others}`)
    expect(redactor.text('another-passing-0 one-for-good more-499')).toBe('another-passing-0 [redacted] [redacted]')
  })

  it('is one of the newest again when it comes again', () => {
    const redactor = new Redactor()
    for (let round = 0; round < 5; round++) {
      redactor.registerPassing('comes-again')
      for (let others = 0; others < 100; others++) redactor.registerPassing(`other-${round}-${others}`)
    }
    expect(redactor.text('comes-again')).toBe('[redacted]')
  })
})

describe('by key', () => {
  it.each([
    'authorization',
    'Authorization',
    'api_token',
    'apiKey',
    'x-api-key',
    'password',
    'client_secret',
    'set-cookie',
  ])('censors %s', (key) => expect(new Redactor().value({ a: { [key]: 'v' } })).toEqual({ a: { [key]: '[redacted]' } }))

  it.each(['tokens_used', 'author', 'keyboard', 'tool_name'])('keeps %s', (key) =>
    expect(new Redactor().value({ [key]: 'v' })).toEqual({ [key]: 'v' }),
  )
})

it('cleans messages, stacks and causes of errors', () => {
  const error = new Error(`connect with ${SECRET}`, { cause: new Error(`because ${SECRET}`) })
  const text = JSON.stringify(redactorFor(SECRET).value({ error }))
  expect(text).toContain('connect with [redacted]')
  expect(text).toContain('because [redacted]')
  expect(text).not.toContain('ary/s3cr3t')
})

it('ends on values that contain themselves', () => {
  const loop: Record<string, unknown> = {}
  loop.self = loop
  expect(JSON.stringify(new Redactor().value(loop))).toContain('[deeper]')
})

describe('a log line', () => {
  it('holds message and fields, and no secret in either, in child bindings or in an error', () => {
    const { log, lines } = recordedLog()
    log.redactor.register(SECRET)
    const child = log.child({ integration: 'github', authorization: 'Bearer x', where: SECRET })
    child.warn({ error: new Error(SECRET), url: `https://h/?t=${encodeURIComponent(SECRET)}` }, `failed with ${SECRET}`)
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('s3cr3t')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      integration: 'github',
      authorization: '[redacted]',
      msg: 'failed with [redacted]',
      error: { name: 'Error', message: '[redacted]' },
    })
  })
})
