import type { PreviewServer } from '../../../../shared/contract/openapi.ts'
import { isObject } from '../../../base/is-object.ts'
import { cleanText } from './clean-text.ts'
import { child, items, members, type ObjectPlace, type Place, textAt } from './place.ts'
import type { References } from './references.ts'

const MAX_URL = 2048
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/i

/** The addresses of an API, those that have none of HTTP left out. */
export function serversOf(references: References): PreviewServer[] {
  const { root } = references
  if (references.document.format === 'swagger-2.0') return swaggerServers(references)
  return listedServers(references, root)
}

/** `servers` of a document, a path or an operation. */
export function listedServers(
  references: References,
  owner: ObjectPlace,
  operation: string | null = null,
): PreviewServer[] {
  const given = child(owner, 'servers')
  if (given.value !== undefined && given.value !== null && !Array.isArray(given.value)) {
    references.warnings.add(given, '`servers` is not a list; it is left out.', operation)
  }
  return items(given).flatMap((place) => {
    const server = references.object(place, 'A server', 'is left out', operation)
    const template = server && textAt(server, 'url')?.trim()
    if (!server || template === undefined || template === null) return []
    const variables = members(child(server, 'variables')).map(([name, variable]) => variableOf(name, variable))
    const values = new Map(variables.map((variable) => [variable.name, variable.default]))
    const filled = template.replace(/\{([^{}]+)\}/g, (whole, name: string) => values.get(name) ?? whole)
    return serverOf(
      references,
      place,
      { template, filled, variables, description: server.value.description },
      operation,
    )
  })
}

function variableOf(name: string, place: Place): PreviewServer['variables'][number] {
  const { default: given, enum: listed, description } = isObject(place.value) ? place.value : {}
  const isValue = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)
  const choices = Array.isArray(listed) ? listed.filter(isValue).map(String) : []
  return {
    name,
    default: isValue(given) ? String(given) : (choices[0] ?? ''),
    enum: choices,
    description: cleanText(description, 300),
  }
}

function swaggerServers(references: References): PreviewServer[] {
  const { root } = references
  const host =
    textAt(root, 'host')
      ?.trim()
      .replace(/^[a-z]+:\/\//i, '')
      .replace(/\/+$/, '') ?? ''
  const basePath = textAt(root, 'basePath')?.trim() ?? ''
  const path = basePath === '' || basePath.startsWith('/') ? basePath : `/${basePath}`
  if (host === '') {
    return path === '' || path === '/'
      ? []
      : serverOf(references, root, { template: path, filled: path, variables: [] })
  }
  const { schemes } = root.value
  const given = (Array.isArray(schemes) ? schemes : [schemes]).filter(
    (scheme) => scheme === 'https' || scheme === 'http',
  )
  // Without one it is that of the document's own address, which is not known here.
  const all = given.length > 0 ? [...new Set(given)].sort().reverse() : [LOCAL.test(host) ? 'http' : 'https']
  return all.flatMap((scheme) => {
    const url = `${scheme}://${host}${path}`
    return serverOf(references, root, { template: url, filled: url, variables: [] })
  })
}

interface FoundServer {
  template: string
  filled: string
  variables: PreviewServer['variables']
  description?: unknown
}

function serverOf(
  references: References,
  place: Place,
  { template, filled, variables, description }: FoundServer,
  operation: string | null = null,
): PreviewServer[] {
  const warn = (message: string) => references.warnings.add(place, message, operation)
  let url = filled
  if (url.startsWith('//')) url = `https:${url}`
  // Many leave out the scheme, which makes a path of it.
  else if (/^([\w-]+\.)+[a-z]{2,}(:\d+)?(\/|$)/i.test(url)) url = `https://${url}`
  else if (LOCAL.test(url)) url = `http://${url}`
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && !/^https?:\/\//i.test(url)) {
    warn(`The server ${template} is not reached by HTTP; it is left out.`)
    return []
  }
  if (/[?#]/.test(url)) {
    warn(`The address of the server ${template} has a query or a fragment, which is left out.`)
    url = url.replace(/[?#].*$/s, '')
  }
  const userInfo = /^(https?:\/\/)[^/@]*@/i
  if (userInfo.test(url)) {
    warn('The address of a server has a user name in it, which is left out. Enter it as a credential.')
    url = url.replace(userInfo, '$1')
  }
  url = url.replace(/\/+$/, '')
  const unfilled = /\{([^{}]+)\}/.exec(url)?.[1]
  // What a variable without a default stands for is for a person to say.
  const all =
    unfilled === undefined || variables.some(({ name }) => name === unfilled)
      ? variables
      : [...variables, { name: unfilled, default: '', enum: [], description: '' }]
  if (url.length > MAX_URL) return []
  return [
    {
      url,
      template: template.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1'),
      description: cleanText(description, 300),
      variables: all,
    },
  ]
}

/** Whether requests can be sent there as it is. */
export function isReady({ url }: Pick<PreviewServer, 'url'>): boolean {
  return /^https?:\/\//i.test(url) && !/[{}\s]/.test(url) && URL.canParse(url)
}

/**
 * Where an operation is that has a server of its own: below the API's address where it can be said so, else elsewhere.
 * `base` may be empty, or relative.
 */
export function placeOfServer(base: string, server: PreviewServer): { prefix: string; base_url?: string } {
  const { url } = server
  if (url === base) return { prefix: '' }
  // A variable without a value would be a parameter of the path.
  if (/[{}]/.test(url)) return { prefix: '' }
  if (url.startsWith(`${base}/`) && (base !== '' || url.startsWith('/'))) return { prefix: url.slice(base.length) }
  if (isReady(server)) return { prefix: '', base_url: url }
  // A relative one is below the address of the document, of which only the API's own address tells.
  if (url.startsWith('/') && isReady({ url: base })) {
    const absolute = new URL(url, base).href.replace(/\/+$/, '')
    return placeOfServer(base, { ...server, url: absolute })
  }
  return { prefix: '' }
}
