import { AppError } from '../base/app-error.ts'

/** This machine: the one place where a sign-in page may be without TLS. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
/** The URL class would drop or encode them; in an address that somebody wrote they have no place. */
const UNWRITTEN = /[\p{Cc}\s]/u
/** Beyond this Windows opens nothing. */
const MAX_LENGTH = 32_000

/**
 * Opens a sign-in page, or a link of the console, in the system's browser.
 *
 * Threat: the address comes from the metadata of a server that nobody vetted (CVE-2025-6514 was a shell that read one).
 * So it is taken apart and put together again by the URL class, has to be https or this machine, holds no credentials,
 * and goes to the system as one value that no shell reads. Throws `invalid_input` for every other address.
 */
export async function openInBrowser(address: string, openExternal: (url: string) => Promise<void>): Promise<void> {
  const url = UNWRITTEN.test(address) || !URL.canParse(address) ? undefined : new URL(address)
  if (!url || !isWebPage(url) || url.href.length > MAX_LENGTH) {
    throw new AppError('invalid_input', {
      message: 'This is no web address with https, so it was not opened.',
    })
  }
  await openExternal(url.href)
}

function isWebPage({ protocol, hostname, username, password }: URL): boolean {
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}
