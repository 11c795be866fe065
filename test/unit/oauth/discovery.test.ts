import { describe, expect, it } from 'vitest'
import { discover } from '../../../src/main/oauth/discovery.ts'
import type { OAuthFetch } from '../../../src/main/oauth/oauth-fetch.ts'
import { facts, failure, target } from './protocol-fixture.ts'

/** An authorization server that knows one document, wherever it is asked for it. */
const knows =
  (document: object): OAuthFetch =>
  () =>
    Promise.resolve(Response.json({ code_challenge_methods_supported: ['S256'], ...document }))

const here = ['http://127.0.0.1:8080/authorize', 'http://localhost/x', 'http://[::1]:9/x', 'https://a.localhost/x']

describe('an authorization server', () => {
  it.each(here)('elsewhere does not send the browser to %s', async (authorization_endpoint) => {
    const server = facts({ authorization_endpoint })
    const error = await failure(discover(target({ issuer: server.issuer }), { fetch: knows(server) }))
    expect(error).toMatchObject({ reason: 'refused_address' })
    expect(error.message).toContain('as.example sends the browser to this machine')
    // No browser is sent anywhere for client credentials, and what an admin typed is an admin's word.
    const program = target({ issuer: server.issuer, grant_type: 'client_credentials' })
    expect((await discover(program, { fetch: knows(server) })).server.issuer).toBe(server.issuer)
    const typed = target({ token_url: 'https://as.example/token', authorization_url: authorization_endpoint })
    expect((await discover(typed, { fetch: knows({}) })).server).toMatchObject({ authorization_endpoint })
  })

  it.each(here)('of this machine sends the browser to %s', async (authorization_endpoint) => {
    const server = facts({ issuer: 'https://localhost:8443', authorization_endpoint })
    const { server: found } = await discover(target({ issuer: server.issuer }), { fetch: knows(server) })
    expect(found).toMatchObject({ authorization_endpoint })
  })
})
