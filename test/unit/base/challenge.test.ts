import { describe, expect, it } from 'vitest'
import { challengesOf, signInChallenge } from '../../../src/main/base/challenge.ts'

const plain = (header: string | null | undefined) =>
  challengesOf(header).map(({ parameters, ...challenge }) => ({ ...challenge, ...Object.fromEntries(parameters) }))

describe('challenges', () => {
  it.each([
    ['', []],
    [null, []],
    [undefined, []],
    ['Bearer', [{ scheme: 'bearer' }]],
    ['  ,, Bearer ,', [{ scheme: 'bearer' }]],
    ['Bearer realm="a"', [{ scheme: 'bearer', realm: 'a' }]],
    ['bEaReR Realm = "a" , SCOPE="x y"', [{ scheme: 'bearer', realm: 'a', scope: 'x y' }]],
    ['Bearer error=invalid_token,realm=""', [{ scheme: 'bearer', error: 'invalid_token', realm: '' }]],
    ['Negotiate', [{ scheme: 'negotiate' }]],
    [
      'Negotiate abc+/==, Bearer realm=x',
      [
        { scheme: 'negotiate', token68: 'abc+/==' },
        { scheme: 'bearer', realm: 'x' },
      ],
    ],
    ['Negotiate, Basic realm="b"', [{ scheme: 'negotiate' }, { scheme: 'basic', realm: 'b' }]],
    [
      'Digest realm="d, Bearer scope=\\"no\\"", nonce=n, Bearer scope="yes"',
      [
        { scheme: 'digest', realm: 'd, Bearer scope="no"', nonce: 'n' },
        { scheme: 'bearer', scope: 'yes' },
      ],
    ],
    ['Bearer realm="a \\\\ \\" b"', [{ scheme: 'bearer', realm: 'a \\ " b' }]],
    ['Bearer scope="first", scope="second"', [{ scheme: 'bearer', scope: 'first' }]],
    ['Bearer __proto__="x", constructor="y"', [{ scheme: 'bearer', ['__proto__']: 'x', constructor: 'y' }]],
  ] as const)('of %s', (header, challenges) => expect(plain(header)).toEqual(challenges))

  it('are read as far as they can be', () => {
    expect(plain('Basic realm="b", Bearer scope="open')).toEqual([
      { scheme: 'basic', realm: 'b' },
      { scheme: 'bearer' },
    ])
    expect(plain('Basic realm="b", (, Bearer')).toEqual([{ scheme: 'basic', realm: 'b' }])
    expect(plain('realm="b"')).toEqual([])
    expect(plain('"Bearer"')).toEqual([])
  })

  it('of an address without quotes, which many servers send', () => {
    expect(plain('Bearer resource_metadata=https://a.example/x?y=1, scope=z')).toEqual([
      { scheme: 'bearer', resource_metadata: 'https://a.example/x?y=1', scope: 'z' },
    ])
  })

  it('of a header that is made to take long are read at once, or not at all', () => {
    for (const piece of ['a="', 'a=\\"', '\\', ' ', '= ', 'a ', ',a', '"\\'])
      challengesOf(`Bearer ${piece.repeat(5_000)}`)
    expect(challengesOf(`Bearer ${'a=b,'.repeat(1_000_000)}`)).toEqual([])
  })
})

describe('what a challenge says about signing in', () => {
  it('is that for bearer tokens, wherever it stands', () => {
    const header =
      'Basic realm="b", Bearer error="insufficient_scope", scope="a  b", resource_metadata="https://a.example/m"'
    expect(signInChallenge(header)).toEqual({
      resourceMetadata: 'https://a.example/m',
      scopes: ['a', 'b'],
      error: 'insufficient_scope',
    })
  })

  it('is that with metadata, where there are several', () => {
    expect(signInChallenge('Bearer, Bearer resource_metadata="m"')?.resourceMetadata).toBe('m')
    expect(signInChallenge('Bearer realm="x", DPoP resource_metadata="m"')?.resourceMetadata).toBe('m')
    expect(signInChallenge('DPoP algs="ES256"')).toBeUndefined()
    expect(signInChallenge('Basic realm="x"')).toBeUndefined()
  })

  it('is nothing about scopes where there are none', () => {
    for (const header of ['Bearer', 'Bearer scope=""', 'Bearer scope=" "']) {
      expect(signInChallenge(header)).toEqual({ resourceMetadata: undefined, scopes: undefined, error: undefined })
    }
  })
})
