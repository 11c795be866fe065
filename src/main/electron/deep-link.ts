import { z } from 'zod'
import { Slug } from '../../shared/contract/integrations.ts'
import { isCallbackLink } from '../oauth/callback-uri.ts'

/** The scheme that the system hands to this application (RFC 8252, 7.1). */
export const SCHEME = 'gatehouse'

/** What a link can ask for. The system may have ended its path with a slash. None of it creates or changes an integration. */
export type DeepLink =
  /** The answer of an authorization server. Everything in it is still to be checked against the sign-in that waits. */
  | { kind: 'callback'; url: string }
  /** Bring the console forward on an integration. */
  | { kind: 'integration'; name: string; workspace: string | undefined }

/** Longer than any answer of an authorization server, and what one start can hand to another on every system. */
const MAX_LENGTH = 16_384
const WorkspaceName = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)

/**
 * `gatehouse://oauth/callback?…`, a client's own path below that, and `gatehouse://integration/<slug>`, the latter with `?workspace=` where the name alone
 * does not tell. Undefined for everything else.
 *
 * Threat: any page and any program can open a link. So only these two forms mean something, and neither does more than
 * the same click in the console would, or than the check of a sign-in that this profile began itself allows.
 */
export function readDeepLink(text: string): DeepLink | undefined {
  if (text.length > MAX_LENGTH || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== `${SCHEME}:` || url.username || url.password || url.port || url.hash) return undefined
  if (isCallbackLink(url)) return { kind: 'callback', url: url.href }
  if (url.hostname === 'integration') return integrationLink(url)
  return undefined
}

function integrationLink({ pathname, searchParams }: URL): DeepLink | undefined {
  const name = Slug.safeParse(pathname.slice(1).replace(/\/$/, ''))
  const workspace = WorkspaceName.optional().safeParse(searchParams.get('workspace') ?? undefined)
  if (!name.success || !workspace.success || [...searchParams.keys()].some((key) => key !== 'workspace'))
    return undefined
  return { kind: 'integration', name: name.data, workspace: workspace.data }
}

/** The arguments of a start that are links of our scheme. Chromium's switches and the folder of the app come in the same list. */
export function linksIn(args: readonly string[]): string[] {
  return args.filter((argument) => argument.slice(0, SCHEME.length + 1).toLowerCase() === `${SCHEME}:`)
}

/** What a log may hold of a link: neither query nor fragment, which carry codes. */
export function withoutQuery(link: string): string {
  return link.replace(/[?#][^]*$/, '').slice(0, 200)
}
