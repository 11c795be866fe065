import { describe, expect, it } from 'vitest'
import { looksSecret } from '../../../src/shared/secret-names.ts'

describe('looksSecret', () => {
  it.each([
    'GITHUB_TOKEN',
    'API_KEY',
    'apiKey',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'SECRET_KEY_BASE',
    'PGPASSWORD',
    'OPENAIAPIKEY',
    'accessToken',
    'Authorization',
    'X-Api-Key',
    'X-Other-Secret',
    'Cookie',
    'SENTRY_DSN',
    'GITLAB_PAT',
    'PRIVATE_KEY',
    'api-key',
  ])('takes %s for a secret by its name', (name) => expect(looksSecret(name, 'x')).toBe(true))

  it.each(['PATH', 'NODE_ENV', 'LOG_LEVEL', 'HOME', 'X-Team', 'TOKENIZERS_PARALLELISM', 'REGION', 'AUTHOR', 'COMPAT'])(
    'does not take %s for one',
    (name) => expect(looksSecret(name, 'x')).toBe(false),
  )

  it.each(['GITHUB_TOKEN_FILE', 'PRIVATE_KEY_PATH', 'TOKEN_URL', 'keyName', 'MAX_TOKENS', 'AUTH_TYPE'])(
    'knows that %s only speaks of one',
    (name) => expect(looksSecret(name, 'x')).toBe(false),
  )

  it.each([
    'postgres://me:pw@db/x',
    'redis://:pw@host',
    'ghp_abcdef',
    'github_pat_1',
    'xoxb-1-2',
    'sk-abc',
    'sk_live_1',
    'eyJhbGciOi',
    'Bearer abc',
  ])('takes the value %s for one', (value) => expect(looksSecret('SETTING', value)).toBe(true))

  it('takes a value for one even where the name says that it is an address', () => {
    expect(looksSecret('DATABASE_URL', 'postgres://me:pw@db/x')).toBe(true)
  })

  it.each(['https://x.example/a@b', 'plain', 'https://me@x.example'])('does not take the value %s for one', (value) =>
    expect(looksSecret('SETTING', value)).toBe(false),
  )
})
