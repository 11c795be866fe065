import { expect, it } from 'vitest'
import { NewChannel } from '../../../src/shared/contract/channels.ts'

const headers = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-Header-${index}`, 'value']))
const webhook = (open: number, secret: number) =>
  NewChannel.safeParse({
    kind: 'webhook',
    name: 'hook',
    webhook: { url: 'https://example.com/', headers: headers(open) },
    credentials: { headers: headers(secret) },
  })

it('a webhook has as many headers as receivers take, open and secret ones', () => {
  expect(webhook(50, 50).success).toBe(true)
  const issues = [...(webhook(51, 0).error?.issues ?? []), ...(webhook(0, 51).error?.issues ?? [])]
  expect(issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['webhook.headers', 'Use at most 50 headers.'],
    ['credentials.headers', 'Use at most 50 headers.'],
  ])
})
