import type { DoctorStep } from '../../shared/contract/oauth.ts'
import { signInChallenge } from '../base/challenge.ts'
import { uriOf } from './callback-uri.ts'
import { discover } from './discovery.ts'
import type { DoctorOptions } from './doctor.ts'
import { firstAnswer } from './first-challenge.ts'
import type { FoundServer } from './found-server.ts'
import type { OAuthExchange, OAuthFetch } from './oauth-fetch.ts'
import type { OAuthClient } from './records.ts'
import { checkSignInPage } from './sign-in-page.ts'

/** What one step found. */
export interface Finding {
  state: 'ok' | 'warning' | 'failed' | 'skipped'
  message: string
  fix?: string
}

type FetchFor = (how?: { staysWhereItIs: boolean }) => OAuthFetch

/** A clock that is further off lets tokens run out at the wrong time. */
const MAX_SKEW_MS = 2 * 60 * 1000

/** A client would have to be registered, which a diagnosis does not do. */
class WouldRegister extends Error {}

const ok = (message: string): Finding => ({ state: 'ok', message })
const skipped = (message: string): Finding => ({ state: 'skipped', message })

/** The steps of one diagnosis, and what each leaves for the next. */
export class DoctorRun {
  readonly #options: DoctorOptions
  readonly #fetchFor: FetchFor
  readonly #fetch: OAuthFetch
  #challenge: string | undefined
  #found: FoundServer | undefined
  #client: OAuthClient | undefined
  #authorization: string | undefined
  /** Of this machine's clock, by what servers say. */
  #skewMs = 0

  constructor(options: DoctorOptions, fetchFor: FetchFor) {
    this.#options = options
    this.#fetchFor = fetchFor
    this.#fetch = fetchFor()
  }

  get steps(): [DoctorStep['step'], () => Promise<Finding>][] {
    return [
      ['resource', () => this.#resource()],
      ['authorization_server', () => this.#authorizationServer()],
      ['registration', () => this.#registration()],
      ['authorization', () => this.#signIn()],
      ['token', () => this.#token()],
      ['call', () => this.#call()],
    ]
  }

  hear({ responseHeaders }: OAuthExchange): void {
    const date = Date.parse(responseHeaders.get('date') ?? '')
    if (!Number.isNaN(date)) this.#skewMs = (this.#options.now ?? Date.now)() - date
  }

  async #resource(): Promise<Finding> {
    const { target } = this.#options
    const { host } = target.url
    const { status, challenge } = await firstAnswer(target, this.#fetch)
    this.#challenge = challenge
    if (status >= 500) {
      return {
        state: 'failed',
        message: `${host} answered ${status}: it is in trouble itself.`,
        fix: 'Try again later.',
      }
    }
    if (status === 401) {
      const said = signInChallenge(challenge)
      if (said?.resourceMetadata !== undefined)
        return ok(`${host} asks for a sign-in, and says where that is described.`)
      return ok(`${host} asks for a sign-in, and does not say where.`)
    }
    // The base URL of an API leads to nothing in particular.
    if (target.protocol === 'rest') return ok(`${host} answers (${status}).`)
    if (status === 404) {
      return {
        state: 'failed',
        message: `There is no MCP server at this URL: ${host} answered 404.`,
        fix: 'Check the URL of the integration.',
      }
    }
    const message = `${host} answered ${status} to a request without a token, where 401 was expected.`
    return { state: 'warning', message, fix: 'Perhaps it needs no sign-in: test it with “None” as authentication.' }
  }

  async #authorizationServer(): Promise<Finding> {
    const { target, records } = this.#options
    this.#found = await discover(target, { fetch: this.#fetch, challenge: this.#challenge })
    const { server, source, issuers } = this.#found
    const { grant } = records
    if (
      grant !== undefined &&
      grant.ended === undefined &&
      grant.server.issuer !== server.issuer &&
      source !== 'typed'
    ) {
      const message = `One signs in at ${server.issuer} now; the sign-in that is there is of ${grant.server.issuer}.`
      return { state: 'warning', message, fix: 'Sign in again.' }
    }
    if (Math.abs(this.#skewMs) > MAX_SKEW_MS) {
      const minutes = Math.round(Math.abs(this.#skewMs) / 60_000)
      const message = `The clock of this machine is ${minutes} minutes ${this.#skewMs > 0 ? 'ahead of' : 'behind'} that of the servers.`
      return { state: 'warning', message, fix: 'Set the clock of this machine, or let the system set it by itself.' }
    }
    const others = issuers.filter((issuer) => issuer !== server.issuer)
    const choice =
      others.length === 0 ? '' : ` It could also be ${others.join(' or ')}: choose the issuer in the OAuth settings.`
    const why = {
      protected_resource: 'as the server says',
      issuer: 'as the settings say',
      typed: 'by the addresses in the settings',
      origin: 'at the server itself, which says nothing of another place',
    }[source]
    return ok(`One signs in at ${server.issuer}, ${why}.${choice}`)
  }

  async #registration(): Promise<Finding> {
    if (this.#found === undefined) return skipped('Where one signs in is not known.')
    const { target, records, redirectUri, protocol } = this.#options
    const { host } = new URL(this.#found.server.issuer)
    try {
      const fetch = () => Promise.reject(new WouldRegister())
      this.#client = await protocol.clientFor(this.#found, target, { stored: records.client, redirectUri, fetch })
    } catch (error) {
      if (!(error instanceof WouldRegister)) throw error
      return ok(`Gatehouse registers itself at ${host} with the next sign-in.`)
    }
    const { clientId, registration } = this.#client
    const how = {
      pre_registered: 'from the settings',
      metadata_document: 'a document that the server reads',
      dynamic: 'which it gave Gatehouse itself',
    }[registration]
    return ok(`Gatehouse is the client ${clientId} at ${host}, ${how}.`)
  }

  async #signIn(): Promise<Finding> {
    const { target, status: statusNow, title, protocol } = this.#options
    if (target.settings.grant_type === 'client_credentials')
      return skipped('A program signs in by itself: nobody is asked.')
    const status = statusNow()
    if (status.state === 'signed_in') {
      const scopes = status.scopes.length === 0 ? '' : ` It may ${status.scopes.join(', ')}.`
      if (status.missing_scopes.length === 0)
        return ok(`Signed in since ${status.signed_in_at ?? 'an unknown time'}.${scopes}`)
      const message = `The server asks for more than was granted: ${status.missing_scopes.join(', ')}.`
      return { state: 'warning', message, fix: 'Sign in again to grant it.' }
    }
    const fix = `Sign in to ${title} in Gatehouse.`
    if (this.#found !== undefined && this.#client !== undefined) {
      const redirectUri = uriOf(this.#client, this.#options.redirectUri)
      const pending = await protocol.beginAuthorization(this.#found, this.#client, target, { redirectUri })
      const problem = await checkSignInPage(pending, this.#fetchFor({ staysWhereItIs: true }), this.#options.redactor)
      if (problem !== undefined) return problem
    }
    if (status.waiting !== null) {
      const message = `A sign-in waits for the browser until ${status.waiting.expires_at}.`
      return { state: 'failed', message, fix: 'Finish it in the browser, or cancel it and sign in again.' }
    }
    return { state: 'failed', message: status.problem?.message ?? 'Nobody has signed in yet.', fix }
  }

  async #token(): Promise<Finding> {
    const { target, token, status: statusNow } = this.#options
    if (target.settings.grant_type === 'client_credentials') return this.#ownToken()
    const status = statusNow()
    if (status.state !== 'signed_in') return skipped('There is none without a sign-in.')
    const isRenewed = token.current() === undefined
    this.#authorization = token.current() ?? (await token.renew())
    const { expires_at, renews } = statusNow()
    if (isRenewed) return ok('The token had run out. It was renewed.')
    const until =
      expires_at === null
        ? 'The token is there; the server does not say until when it holds.'
        : `The token holds until ${expires_at}.`
    if (renews || expires_at === null) return ok(`${until}${renews ? ' It is renewed by itself before.' : ''}`)
    return {
      state: 'warning',
      message: `${until} The server gave nothing to renew it with.`,
      fix: 'Sign in again before that.',
    }
  }

  async #ownToken(): Promise<Finding> {
    const { target, protocol, redactor } = this.#options
    if (this.#found === undefined) return skipped('Where to ask for one is not known.')
    if (this.#client === undefined) return skipped('Gatehouse has no client there yet: test the integration once.')
    const grant = await protocol.clientCredentials(this.#found, this.#client, target, { fetch: this.#fetch })
    redactor.registerPassing(grant.accessToken)
    this.#authorization = `Bearer ${grant.accessToken}`
    return ok(`${new URL(this.#found.server.issuer).host} gave a token.`)
  }

  async #call(): Promise<Finding> {
    const { target, call, signal } = this.#options
    if (this.#authorization === undefined) return skipped('There is no token to call with.')
    const result = await call(signal)
    if (result.ok) return ok(result.message)
    // The same once more, so that what the server says is seen.
    const { status } = await firstAnswer(target, this.#fetch, this.#authorization)
    if (status !== 401 && status !== 403)
      return { state: 'failed', message: result.message, fix: 'Test the connection for the details.' }
    const { host } = target.url
    const message = `${host} answers ${status} to a token that it should take.`
    const fix =
      status === 401
        ? 'Sign in again. If that does not help, the token is for another resource: check resource, audience and issuer in the OAuth settings.'
        : 'The account or its scopes are not enough: sign in with another account, or add scopes in the OAuth settings.'
    return { state: 'failed', message, fix }
  }
}
