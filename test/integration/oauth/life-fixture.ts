import { onTestFinished } from 'vitest'
import { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import { createLogger } from '../../../src/main/base/log.ts'
import { OAuthDoor } from '../../../src/main/http/oauth-door.ts'
import { HttpServer } from '../../../src/main/http/server.ts'
import { beginAuthorization } from '../../../src/main/oauth/authorization-request.ts'
import { finishAuthorization } from '../../../src/main/oauth/authorization-response.ts'
import { OAuthCallbacks } from '../../../src/main/oauth/callbacks.ts'
import { discover } from '../../../src/main/oauth/discovery.ts'
import { probeChallenge } from '../../../src/main/oauth/first-challenge.ts'
import { OAuthKeeper } from '../../../src/main/oauth/keeper.ts'
import type { OAuthProtocol, RecordChanges } from '../../../src/main/oauth/keeper-options.ts'
import { oauthFetchFor } from '../../../src/main/oauth/oauth-fetch.ts'
import type { OAuthCredentials, OAuthTarget } from '../../../src/main/oauth/oauth-target.ts'
import type { OAuthRecords } from '../../../src/main/oauth/records.ts'
import { Redirects } from '../../../src/main/oauth/redirects.ts'
import { clientFor } from '../../../src/main/oauth/registration.ts'
import { revokeGrant } from '../../../src/main/oauth/revocation.ts'
import { clientCredentials, refreshGrant } from '../../../src/main/oauth/token-requests.ts'
import { followAuthorization } from '../../helpers/follow-authorization.ts'
import { startAuthorizationServer, startProtectedServer } from '../../helpers/oauth-servers.ts'
import type { Switches } from '../../servers/authorization/switches.ts'

const protocol: OAuthProtocol = {
  discover: async (target, { fetch }) => discover(target, { fetch, challenge: await probeChallenge(target, fetch) }),
  clientFor,
  beginAuthorization,
  finishAuthorization,
  refreshGrant,
  clientCredentials,
  revokeGrant,
}

export const machine = {
  client_id: 'machine',
  client_secret: 'machine-secret-of-many-letters',
  token_endpoint_auth_method: 'client_secret_basic' as const,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
}

/** An authorization server and an API that wants its tokens, each in its own process, for all tests of a file. */
export async function startServers() {
  const as = await startAuthorizationServer({ clients: [machine] })
  const api = await startProtectedServer({ issuers: [as.issuer] })
  return { as, api, stop: () => Promise.all([as.stop(), api.stop()]) }
}

interface Given {
  /** Of the authorization server, for this test. */
  switches?: Partial<Switches>
  settings?: Partial<OAuthSettings>
  credentials?: OAuthCredentials
}

/** A keeper with everything real but its store, and the page of the gateway that browsers come back to. */
export async function startLife(
  { as, api }: Awaited<ReturnType<typeof startServers>>,
  { switches = {}, settings = {}, credentials = {} }: Given = {},
) {
  await as.change({
    accessTokenSeconds: 3600,
    refreshTokens: 'always',
    rotateRefreshTokens: true,
    consent: 'granted',
    endpoints: { token: null, callback: null },
    ...switches,
  })
  await api.change({ refuse: 'none' })
  const before = (await as.requests('token')).length
  const lines: string[] = []
  const log = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } })
  const stored = { records: {} as OAuthRecords, write: (): Promise<void> => Promise.resolve() }
  const told = { needed: [] as string[], granted: 0 }
  const target: OAuthTarget = {
    protocol: 'rest',
    url: new URL(api.apiUrl),
    settings: OAuthSettings.parse(settings),
    credentials,
  }
  let keeper: OAuthKeeper
  const callbacks = new OAuthCallbacks({
    keepers: () => [{ integration: { workspace: 'default', slug: 'api', title: 'The API' }, keeper }],
    log,
  })
  const gateway = new HttpServer({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    doors: [new OAuthDoor({ callbacks, deepLinks: false })],
    log,
  })
  await gateway.listen()
  onTestFinished(() => gateway.close(0))
  const redirects = new Redirects({
    gateway: { port: gateway.port, host: '127.0.0.1' },
    callbacks,
    deepLinks: false,
    log,
  })
  onTestFinished(() => redirects.close())

  /** As a process does that begins; what another one had in memory is gone. */
  const start = () => {
    keeper = new OAuthKeeper({
      title: () => 'The API',
      target: () => target,
      records: {
        read: () => structuredClone(stored.records),
        write: async (changes: RecordChanges) => {
          await stored.write()
          for (const [kind, value] of Object.entries(changes)) {
            stored.records = { ...stored.records, [kind]: value ?? undefined }
          }
        },
      },
      redirectUri: () => redirects.uriFor(target.settings),
      openRedirect: (uri) => redirects.open(uri),
      fetch: (of, { signal }) => oauthFetchFor(of, { signal }),
      protocol,
      changed: () => undefined,
      granted: () => told.granted++,
      needed: (reason) => told.needed.push(reason),
      log,
    })
    keeper.load()
    const started = keeper
    onTestFinished(() => started.close())
    return keeper
  }
  start()

  /** A call as transports make it: with the token that holds, and once again after a refusal. */
  const call = async (method = 'GET'): Promise<number> => {
    const send = async (authorization: string) => {
      const response = await fetch(`${api.apiUrl}/items`, { method, headers: { authorization } })
      await response.body?.cancel()
      return response
    }
    const authorization = keeper.current() ?? (await keeper.renew())
    const response = await send(authorization)
    if (response.status !== 401 && response.status !== 403) return response.status
    const challenge = response.headers.get('www-authenticate') ?? undefined
    return (await send(await keeper.renew({ authorization, status: response.status, challenge }))).status
  }

  /** Where the browser is sent back to, without going there. */
  const signInAtServer = async () =>
    new URL(await followAuthorization((await keeper.authorize()).authorization_url ?? ''))

  return {
    as,
    api,
    stored,
    told,
    target,
    start,
    call,
    signInAtServer,
    signIn: async () => (await fetch(await signInAtServer())).status,
    keeper: () => keeper,
    /** Of token requests, the grant types in order. */
    tokenRequests: async () => (await as.requests('token')).slice(before).map(({ body }) => body.grant_type),
    log: () => lines.join(''),
  }
}
