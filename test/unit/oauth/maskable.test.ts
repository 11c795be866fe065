import { expect, it } from 'vitest'
import { isMaskable } from '../../../src/main/oauth/maskable.ts'

it.each([
  'gho_16C7e42F292c6912E7710c838347Ae178B4a',
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl',
  'access-token-0',
  'client-secret-of-a-registration',
])('%s is masked wherever it is found', (secret) => expect(isMaskable(secret)).toBe(true))

it.each([
  'https://api.github.com',
  'api.github.com',
  'api.github.com/v3/mcp',
  'tools/call',
  'application/json',
  'content',
])('%s is no secret, whoever says so', (word) => expect(isMaskable(word)).toBe(false))
