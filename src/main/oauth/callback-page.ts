import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'
import type { CallbackOutcome } from './callbacks.ts'

/** No script, no picture, nothing from anywhere; only the page's own style, by its hash. */
const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:15vh auto 0;max-width:34rem;padding:0 1.5rem;color:#1e1c19;background:#f6f5f2}' +
  'h1{font-size:20px;line-height:1.4}a{color:#0e6660}' +
  '@media(prefers-color-scheme:dark){body{color:#edeae4;background:#171614}a{color:#6cc5ba}}'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

export interface CallbackPageOptions {
  /** Whether this system hands links of the scheme `gatehouse:` to us: the page leads back with one. */
  deepLinks: boolean
}

/**
 * The page on which a sign-in ends in the browser. Threat: a page that repeats something of its address, or tells it to
 * another: it is made of our own words alone, sends no referrer, and is kept by nobody.
 */
export function sendCallbackPage(
  response: ServerResponse,
  outcome: CallbackOutcome,
  { deepLinks }: CallbackPageOptions,
): void {
  const { ok, integration, message } = outcome
  const link = deepLinks && integration !== undefined ? linkTo(integration) : undefined
  const body = Buffer.from(
    pageOf({ title: ok ? message : 'Not signed in', text: textOf(outcome, link), link, returns: ok }),
  )
  response.writeHead(ok ? 200 : 400, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // It was for one answer; a listener that has done its work can end.
    connection: 'close',
  })
  response.end(body)
}

/** The same name may stand in several workspaces; without one it is looked for in the default one first. */
function linkTo({ workspace, slug }: NonNullable<CallbackOutcome['integration']>): string {
  const place = workspace === DEFAULT_WORKSPACE ? '' : `?workspace=${encodeURIComponent(workspace)}`
  return `gatehouse://integration/${slug}${place}`
}

function textOf({ ok, message }: CallbackOutcome, link: string | undefined): string {
  if (!ok) return message
  return link === undefined
    ? 'You can close this tab now, and go on in Gatehouse.'
    : 'Gatehouse opens by itself. You can close this tab.'
}

interface Page {
  title: string
  text: string
  link: string | undefined
  /** Opens the link by itself. */
  returns: boolean
}

function pageOf({ title, text, link, returns }: Page): string {
  const refresh = link !== undefined && returns ? `<meta http-equiv="refresh" content="0;url=${escaped(link)}">` : ''
  const back = link === undefined ? '' : `<p><a href="${escaped(link)}">Open Gatehouse</a></p>`
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta name="color-scheme" content="light dark">${refresh}<title>${escaped(title)} - Gatehouse</title>` +
    `<style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${back}</main></body></html>\n`
  )
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Titles are an admin's words; an error may name a host. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
