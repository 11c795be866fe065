/** Threat: see open-secrets.ts. Of a REST API a key may stand in a header, in the fixed query of a path, or in a hidden constant. */
import type { RestTool } from '../../shared/contract/rest.ts'
import { looksSecret } from '../../shared/secret-names.ts'
import { maskText } from '../clients/masking.ts'
import type { RestTarget } from '../upstream/upstream.ts'

type Redact = (text: string) => string

const DOTS = '••••'

/** The settings without what looks like a secret, and the places of that: `headers.X-Key`, `tools.list.path`. */
export function withoutRestSecrets(rest: RestTarget, redact: Redact): { rest: RestTarget; hidden: string[] } {
  const hidden: string[] = []
  const mask = (place: string, value: string, shown: string): string => {
    if (shown !== value) hidden.push(place)
    return shown
  }
  const headers = Object.entries(rest.headers).filter(([name, value]) => {
    const isHidden = looksSecret(name, value) || redact(value) !== value
    if (isHidden) hidden.push(`headers.${name}`)
    return !isHidden
  })
  const base_url = mask('base_url', rest.base_url, shownAddress(rest.base_url, redact))
  const proxy = rest.proxy_url === undefined ? {} : { proxy_url: shownProxy(rest.proxy_url, redact) }
  if (proxy.proxy_url !== rest.proxy_url) hidden.push('proxy_url')
  const tools = rest.tools.map((tool) => ({
    ...tool,
    path: mask(`tools.${tool.name}.path`, tool.path, shownPath(tool.path, redact)),
    parameters: tool.parameters.map((parameter) => {
      const shown = shownConstant(parameter, redact)
      if (shown !== parameter) hidden.push(constantPlace(tool, parameter))
      return shown
    }),
  }))
  return { rest: { ...rest, base_url, headers: Object.fromEntries(headers), ...proxy, tools }, hidden }
}

/** Puts the values back that an export named without them, where they are still at their places. */
export function withRestSecrets(
  rest: RestTarget,
  named: readonly string[],
  existing: RestTarget,
  redact: Redact,
): RestTarget {
  const places = new Set(named)
  const kept = (place: string, value: string, former: string | undefined, shown: (value: string) => string): string =>
    former !== undefined && places.has(place) && shown(former) === value ? former : value
  const headers = Object.entries(existing.headers).filter(([name]) => places.has(`headers.${name}`))
  const former = new Map(existing.tools.map((tool) => [tool.name, tool]))
  const proxy =
    rest.proxy_url && kept('proxy_url', rest.proxy_url, existing.proxy_url, (url) => shownProxy(url, redact))
  return {
    ...rest,
    base_url: kept('base_url', rest.base_url, existing.base_url, (url) => shownAddress(url, redact)),
    headers: { ...Object.fromEntries(headers), ...rest.headers },
    ...(proxy && { proxy_url: proxy }),
    tools: rest.tools.map((tool) => {
      const before = former.get(tool.name)
      return {
        ...tool,
        path: kept(`tools.${tool.name}.path`, tool.path, before?.path, (path) => shownPath(path, redact)),
        parameters: tool.parameters.map((parameter) => {
          const known = before?.parameters.find(
            ({ name, in: place }) => name === parameter.name && place === parameter.in,
          )
          const isKept =
            known !== undefined && places.has(constantPlace(tool, parameter)) && parameter.constant === DOTS
          return isKept ? { ...parameter, constant: known.constant } : parameter
        }),
      }
    }),
  }
}

/** The places that an export of these settings could name. */
export function restPlaces(rest: RestTarget): string[] {
  return [
    'base_url',
    'proxy_url',
    ...Object.keys(rest.headers).map((name) => `headers.${name}`),
    ...rest.tools.flatMap((tool) => [
      `tools.${tool.name}.path`,
      ...tool.parameters.map((parameter) => constantPlace(tool, parameter)),
    ]),
  ]
}

type Parameter = RestTool['parameters'][number]

function constantPlace({ name }: RestTool, parameter: Parameter): string {
  return `tools.${name}.parameters.${parameter.in}.${parameter.name}`
}

function shownConstant(parameter: Parameter, redact: Redact): Parameter {
  const { name, constant } = parameter
  if (constant === undefined) return parameter
  const text = typeof constant === 'string' ? constant : JSON.stringify(constant)
  return looksSecret(name, text) || redact(text) !== text ? { ...parameter, constant: DOTS } : parameter
}

/** An address must stay one. */
function shownAddress(address: string, redact: Redact): string {
  const masked = maskText(address)
  return redact(masked) === masked ? masked : `${new URL(address).origin}/${DOTS}`
}

/** User and password of a proxy stand in its address, since nothing else takes them. */
function shownProxy(address: string, redact: Redact): string {
  const url = new URL(address)
  if (url.username === '' && url.password === '') return shownAddress(address, redact)
  url.username = ''
  url.password = ''
  return url.href
}

/** Only its fixed query can hold one; names of members stay. */
function shownPath(path: string, redact: Redact): string {
  const at = path.indexOf('?')
  if (at === -1) return path
  const query = path.slice(at + 1).split('&')
  const shown = query.map((member) => {
    const [[name, value] = ['', '']] = new URLSearchParams(member)
    return looksSecret(name, value) || redact(member) !== member ? `${member.split('=', 1)[0] ?? ''}=${DOTS}` : member
  })
  return `${path.slice(0, at)}?${shown.join('&')}`
}
