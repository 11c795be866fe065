import { describe, expect, it } from 'vitest'
import { addErrors, emptyAddValues, toNewIntegration } from '../../../src/renderer/features/add/add-values.ts'
import {
  connectionOfIntegration,
  emptyConnection,
  storedCount,
  toConnection,
  toCredentials,
  withoutStored,
} from '../../../src/renderer/features/connection/connection-values.ts'
import { fieldOfPath, nestErrors, placeDetails } from '../../../src/renderer/features/connection/field-errors.ts'
import { withStep } from '../../../src/renderer/features/connection/use-connection-test.ts'
import { NewIntegration } from '../../../src/shared/contract/integrations.ts'
import { integration } from './integration-fixture.ts'

const http = { ...emptyAddValues(), name: 'github', server_url: 'https://github.example.com/mcp' }
const stdio = { ...emptyAddValues(), name: 'notes', transport: 'stdio' as const, command: 'npx' }
const errorsOf = (values: Parameters<typeof addErrors>[0], taken: string[] = []) =>
  Object.fromEntries(addErrors(values, new Set(taken)).map(({ field, message }) => [field, message]))

describe('the form becomes what the contract takes', () => {
  it('over HTTP+SSE, which is the default', () => {
    const input = toNewIntegration({
      ...http,
      token: 't1',
      headers: [{ name: 'X-Team', value: 'core', secret: false }],
    })
    expect(input).toMatchObject({
      mcp: {
        transport: 'sse',
        server_url: http.server_url,
        headers: { 'X-Team': 'core' },
        era: 'auto',
        isolation: 'shared',
      },
      auth_type: 'bearer',
      credentials: { api_token: 't1' },
    })
    expect(NewIntegration.parse(input)).toEqual(input)
    expect(toConnection({ ...http, transport: 'http' }).mcp).toMatchObject({ transport: 'http' })
  })

  it('over HTTP: secrets apart, empty token left out', () => {
    const input = toNewIntegration({
      ...http,
      headers: [
        { name: 'X-Team', value: 'core', secret: false },
        { name: 'X-Secret', value: 's', secret: true },
        { name: '', value: '', secret: false },
      ],
    })
    expect(input).toMatchObject({ auth_type: 'bearer', mcp: { headers: { 'X-Team': 'core' } } })
    expect(input.credentials).toEqual({ headers: { 'X-Secret': 's' } })
    expect(NewIntegration.parse(input)).toEqual(input)
  })

  it('over stdio: arguments by line, spaces kept; no token of a hidden field goes along', () => {
    const input = toNewIntegration({
      ...stdio,
      token: 'left over',
      args: '-y\n\n two words \n',
      env: [{ name: 'KEY', value: 'k', secret: true }],
    })
    expect(input).toMatchObject({ auth_type: 'none', mcp: { command: 'npx', args: ['-y', ' two words '], env: {} } })
    expect(input.credentials).toEqual({ env: { KEY: 'k' } })
  })

  it('keeps an API key apart from a bearer token', () => {
    const values = { ...http, auth_type: 'api_key' as const, token: 'k1', header_name: 'X-Key' }
    expect(toCredentials(values)).toEqual({ api_key: 'k1' })
    expect(toConnection(values).auth).toEqual({ header_name: 'X-Key' })
  })
})

describe('a stored integration in the form', () => {
  const stored = connectionOfIntegration(
    integration('github', { credentials: { api_token: '••••abcd', headers: { 'X-Secret': '••••' } } }),
  )

  it('shows masks and sends no secret back', () => {
    expect(stored).toMatchObject({ stored_token: '••••abcd', token: '' })
    expect(storedCount(stored)).toBe(2)
    expect(toCredentials(stored)).toBeUndefined()
    expect(JSON.stringify(toConnection(stored))).not.toContain('••••')
  })

  it('keeps its transport', () => {
    const mcp = {
      transport: 'sse',
      server_url: 'https://a.dev/sse',
      headers: { 'X-A': '1' },
      era: 'auto',
      isolation: 'shared',
    } as const
    const values = connectionOfIntegration(
      integration('old', { mcp, credentials: { headers: { 'X-Secret': '••••' } } }),
    )
    expect(toConnection(values).mcp).toEqual(mcp)
    expect(storedCount(values)).toBe(1)
  })

  it('asks for the whole set when one is replaced', () => {
    const replacing = withoutStored(stored)
    expect(storedCount(replacing)).toBe(0)
    expect(replacing.headers).toEqual([{ name: 'X-Secret', value: '', secret: true }])
    expect(toCredentials({ ...replacing, token: 'new' })).toEqual({ api_token: 'new' })
  })
})

describe('errors', () => {
  it('have the words of the design', () => {
    expect(errorsOf({ ...http, name: 'Git Hub' }).name).toBe('Use lowercase letters, digits and hyphens.')
    expect(errorsOf(http, ['github']).name).toBe('github is already used in this workspace.')
    expect(errorsOf({ ...http, name: 'import' }).name).toContain('reserved')
    expect(errorsOf({ ...http, name: 'slack' })).toEqual({})
    expect(errorsOf({ ...http, name: 'slack' }, ['slack']).name).toBe('slack is already used in this workspace.')
    expect(errorsOf({ ...http, name: 'a'.repeat(41) }).name).toContain('40')
    expect(errorsOf({ ...http, server_url: 'example' }).server_url).toBe(
      'Enter a full URL, for example https://example.com/mcp.',
    )
    expect(errorsOf({ ...stdio, command: ' ' }).command).toBe('Enter a command.')
    expect(errorsOf(http)).toEqual({})
  })

  it('land on the row at fault', () => {
    const rows = { ...stdio, env: [{ name: 'A', value: '1', secret: false }] }
    expect(errorsOf({ ...rows, env: [...rows.env, { name: 'A', value: '2', secret: true }] })).toEqual({
      'env.1.name': 'A is listed twice.',
    })
    expect(errorsOf({ ...rows, env: [{ name: 'BAD NAME', value: 'x', secret: true }] })).toEqual({
      'env.0.value': 'Use letters, digits and underscores.',
    })
    expect(errorsOf({ ...rows, env: [{ name: ' ', value: 'x', secret: false }] })).toEqual({
      'env.0.name': 'Enter a name.',
    })
  })

  it('of the core find their field, or are told in words', () => {
    const values = { ...emptyConnection(), headers: [{ name: 'X-A', value: '', secret: true }] }
    expect(fieldOfPath('credentials.headers.X-A', values)).toBe('headers.0.value')
    expect(fieldOfPath('credentials.api_token', values)).toBe('token')
    expect(fieldOfPath('mcp.args.3', values)).toBe('args')
    expect(fieldOfPath('auth.header_name', values)).toBe('header_name')
    expect(placeDetails([{ path: 'plan', message: 'No.' }], values)).toEqual({ fields: [], rest: ['plan: No.'] })
  })

  it('nest as the form library wants them; the first of a field stands', () => {
    const nested = nestErrors<{ env: { name: string }[] }>([
      { field: 'env.1.name', message: 'first' },
      { field: 'env.1.name', message: 'second' },
    ])
    expect(nested).toMatchObject({ env: { 1: { name: { message: 'first' } } } })
  })
})

it('a step of a test is told twice and shown once', () => {
  const running = { step: 'resolve', state: 'running', message: '', duration_ms: 0 } as const
  const done = { ...running, state: 'ok', duration_ms: 3 } as const
  expect(withStep(withStep([], running), done)).toEqual([done])
})
