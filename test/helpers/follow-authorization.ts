/** As many as a person would put up with. */
const MAX_REDIRECTS = 20

/**
 * A stand-in for the browser and the person: goes where it is sent, keeps cookies, and gives the first address that is not at the
 * authorization server any more. That one is not fetched: a test takes it to the client, or does not.
 */
export async function followAuthorization(authorizationUrl: string): Promise<string> {
  const { origin } = new URL(authorizationUrl)
  const cookies = new Map<string, string>()
  let url = authorizationUrl
  for (let redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1).join('').split(/=(.*)/)
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) {
      throw new Error(`no redirect from ${url}: ${response.status} ${(await response.text()).slice(0, 2000)}`)
    }
    await response.body?.cancel()
    url = new URL(location, url).href
    if (new URL(url).origin !== origin) return url
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects, the last one to ${url}`)
}
