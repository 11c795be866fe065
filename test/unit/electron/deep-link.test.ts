import { describe, expect, test } from 'vitest'
import { linksIn, readDeepLink, withoutQuery } from '../../../src/main/electron/deep-link.ts'

describe('a link means something', () => {
  test.each([
    'gatehouse://oauth/callback?code=abc&state=x%20y&iss=https%3A%2F%2Fas',
    'gatehouse://oauth/callback/?code=abc',
    'gatehouse://oauth/callback',
    `gatehouse://oauth/callback/${'0a'.repeat(16)}?code=abc`,
    `gatehouse://oauth/callback/${'0a'.repeat(16)}/?code=abc`,
  ])('%s brings the answer of an authorization server, as it came', (url) =>
    expect(readDeepLink(url)).toEqual({ kind: 'callback', url }),
  )

  test('the scheme in capitals is the same scheme', () => {
    expect(readDeepLink('GateHouse://oauth/callback?code=A')).toEqual({
      kind: 'callback',
      url: 'gatehouse://oauth/callback?code=A',
    })
  })

  test.each([
    ['gatehouse://integration/github', undefined],
    ['gatehouse://integration/github/', undefined],
    ['gatehouse://integration/github?workspace=team-b', 'team-b'],
  ])('%s shows an integration', (link, workspace) => {
    expect(readDeepLink(link)).toEqual({ kind: 'integration', name: 'github', workspace })
  })
})

test.each([
  'gatehouse://integrations/add?command=touch%20/tmp/x',
  'gatehouse://integration/github/enable',
  'gatehouse://integration/github//',
  'gatehouse://integration/github?enable=true',
  'gatehouse://integration/github?workspace=a&workspace=b&x=1',
  'gatehouse://integration/github?workspace=../x',
  'gatehouse://integration/',
  'gatehouse://integration/..%2f..%2fsettings',
  'gatehouse://integration/GitHub',
  'gatehouse://integration/github#/settings',
  'gatehouse://oauth/callback/more?code=a',
  'gatehouse://oauth/callback//?code=a',
  `gatehouse://oauth/callback/${'0a'.repeat(15)}?code=a`,
  `gatehouse://oauth/callback/${'0a'.repeat(16)}/more?code=a`,
  'gatehouse://oauth/done',
  'gatehouse://oauth:1/callback?code=a',
  'gatehouse://user@oauth/callback?code=a',
  'gatehouse://oauth/callback?code=a#token',
  'gatehouse://oauth.evil.example/callback?code=a',
  'gatehouse:oauth/callback?code=a',
  'gatehouse:///oauth/callback?code=a',
  'gatehouse://',
  'https://oauth/callback?code=a',
  'not a link',
  '',
])('%s means nothing', (link) => {
  expect(readDeepLink(link)).toBeUndefined()
})

test('a link without measure means nothing', () => {
  expect(readDeepLink(`gatehouse://oauth/callback?code=${'a'.repeat(16_000)}`)).toBeDefined()
  expect(readDeepLink(`gatehouse://oauth/callback?code=${'a'.repeat(17_000)}`)).toBeUndefined()
})

test('links are found among the switches of a start', () => {
  const link = 'gatehouse://oauth/callback?code=a'
  const args = ['--no-sandbox', '/app', '--data-dir=gatehouse://x', link, 'gatehouse', 'Gatehouse://integration/x']
  expect(linksIn(args)).toEqual([link, 'Gatehouse://integration/x'])
})

test('of a link a log holds nothing that could be a secret', () => {
  expect(withoutQuery('gatehouse://oauth/callback?code=secret&state=s')).toBe('gatehouse://oauth/callback')
  expect(withoutQuery('gatehouse://oauth/callback#access_token=secret')).toBe('gatehouse://oauth/callback')
  expect(withoutQuery('gatehouse:?a\nb=secret')).toBe('gatehouse:')
  expect(withoutQuery(`gatehouse://${'x'.repeat(500)}`)).toHaveLength(200)
})
