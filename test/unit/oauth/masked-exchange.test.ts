import { describe, expect, it } from 'vitest'
import { Redactor } from '../../../src/main/base/redact.ts'
import { maskedExchange } from '../../../src/main/oauth/masked-exchange.ts'
import type { OAuthExchange } from '../../../src/main/oauth/oauth-fetch.ts'

const CANARY = 'canary-Value.of~secrets'

function masked(changes: Partial<OAuthExchange> = {}, redactor = new Redactor()) {
  return maskedExchange(
    {
      method: 'GET',
      url: new URL('https://auth.example/authorize'),
      requestHeaders: {},
      requestBody: '',
      status: 200,
      responseHeaders: new Headers(),
      responseBody: '',
      error: undefined,
      durationMs: 12.345,
      ...changes,
    },
    redactor,
  )
}
const withoutCanary = (exchange: object) => expect(JSON.stringify(exchange)).not.toMatch(/canary/i)

describe('an exchange that a person reads', () => {
  const names = [
    'access_token',
    'refresh_token',
    'id_token',
    'code',
    'client_secret',
    'client_assertion',
    'state',
    'code_verifier',
    'token',
    'Access_Token',
  ]

  it.each(names)('has no %s in it, wherever it may stand', (name) => {
    const pair = `${name}=${encodeURIComponent(CANARY)}`
    const back = encodeURIComponent(`https://app.example/back?${pair}&kept=1`)
    for (const exchange of [
      masked({ url: new URL(`https://auth.example/a?${pair}&kept=1`) }),
      masked({ url: new URL(`https://auth.example/a?return_to=${back}`) }),
      masked({ requestBody: `kept=1&${pair}` }),
      masked({ requestBody: JSON.stringify({ kept: 1, [name]: CANARY }) }),
      masked({ responseBody: JSON.stringify({ kept: 1, deeper: [{ [name]: CANARY }] }) }),
      masked({ responseBody: JSON.stringify({ kept: 1, [name]: { value: CANARY } }) }),
      masked({ responseBody: `kept=1&${pair}` }),
      masked({ status: 302, responseHeaders: new Headers({ location: `https://app.example/?${pair}&kept=1` }) }),
      masked({ status: 302, responseHeaders: new Headers({ location: `/relative?${pair}&kept=1` }) }),
      masked({ status: 302, responseHeaders: new Headers({ location: `gatehouse://oauth/callback?${pair}&kept=1` }) }),
      masked({ status: 302, responseHeaders: new Headers({ location: `https://app.example/#${pair}&kept=1` }) }),
    ]) {
      withoutCanary(exchange)
      expect(JSON.stringify(exchange)).toContain('kept')
      expect(JSON.stringify(exchange)).toContain('[masked]')
    }
  })

  it('has no headers that identify anybody', () => {
    const requestHeaders = { Authorization: `Basic ${CANARY}`, cookie: CANARY, 'content-type': 'text/plain' }
    const responseHeaders = new Headers([
      ['set-cookie', CANARY],
      ['x-token', CANARY],
      ['www-authenticate', 'Bearer realm="kept"'],
    ])
    const exchange = masked({ requestHeaders, responseHeaders })
    withoutCanary(exchange)
    expect(exchange.request).toEqual(['authorization: Basic [masked]', 'content-type: text/plain'])
    expect(exchange.response).toContain('www-authenticate: Bearer realm="kept"')
  })

  it('has no secret that is known by its value, and no JWT', () => {
    const redactor = new Redactor()
    redactor.register(CANARY)
    withoutCanary(masked({ responseBody: JSON.stringify({ odd_name: CANARY }) }, redactor))
    withoutCanary(masked({ status: undefined, error: new Error(`no ${CANARY}`) }, redactor))
    const jwt = `eyJhbGciOiJIUzI1NiJ9.${'canary'.repeat(5)}.${'canary'.repeat(3)}`
    withoutCanary(masked({ responseBody: JSON.stringify({ odd_name: jwt }) }))
  })

  it('has no page, and of a long answer the beginning, masked before it is cut', () => {
    expect(masked({ responseBody: `<html>${CANARY}` }).response).toMatch(/^\(a web page of \d+ characters\)$/)
    const long = JSON.stringify({ kept: 'x'.repeat(1_950), access_token: CANARY.repeat(10), more: 'y'.repeat(5_000) })
    const { response } = masked({ responseBody: long })
    expect(response.length).toBeLessThan(2_100)
    withoutCanary({ response })
    withoutCanary(masked({ responseBody: `{"access_token":"${CANARY.repeat(10_000)}` }))
  })

  it('has not the beginning of a secret that stands where it is cut', () => {
    const redactor = new Redactor()
    redactor.register(CANARY)
    const jwt = `eyJhbGciOiJIUzI1NiJ9.${'canary'.repeat(50)}.${'canary'.repeat(3)}`
    for (const secret of [CANARY, jwt]) {
      for (let before = 1_900; before < 2_000; before++) {
        const { response } = masked({ responseBody: JSON.stringify({ k: 'x'.repeat(before), odd: secret }) }, redactor)
        expect(response).not.toMatch(/canary|eyJ/)
      }
    }
    // Of what is masked so much that the end of what is read is shown.
    for (let before = 65_450; before < 65_536; before++) {
      const body = JSON.stringify({ token: 'x'.repeat(before - 20), odd: CANARY })
      expect(masked({ responseBody: body }, redactor).response).not.toMatch(/canary/)
    }
  })

  it('says why there is no answer', () => {
    expect(masked({ status: undefined, error: new Error('auth.example could not be reached') })).toMatchObject({
      status: null,
      response: 'auth.example could not be reached',
      duration_ms: 12.3,
    })
  })
})
