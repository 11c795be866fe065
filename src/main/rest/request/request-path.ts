import type { RestParameter } from '../../../shared/contract/rest.ts'
import { pathText } from './serialisation.ts'
import { argumentName } from '../tool-definition.ts'
import { unfit } from '../arguments/unfit-arguments.ts'

const PLACEHOLDER = /\{([^{}]+)\}/g

/** The names of the parameters in a path. */
export function placeholdersOf(path: string): string[] {
  return [...path.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
}

/**
 * The path, and the query that it may have, with a value in each place. Threat: `..` in a value that leads to another
 * operation with the credentials of this one, also where a server takes back escapes once more than it should.
 */
export function filledPath(
  path: string,
  parameters: readonly RestParameter[],
  valueOf: (parameter: RestParameter) => unknown,
): string {
  const [before = '', ...behind] = path.split('?')
  const filled = before
    .split('/')
    .map((segment) => filledSegment(segment, parameters, valueOf))
    .join('/')
  const query = behind.join('?')
  if (query === '') return filled
  return `${filled}?${query.replace(PLACEHOLDER, (_, name: string) => valueFor(name, parameters, valueOf).text)}`
}

function filledSegment(
  template: string,
  parameters: readonly RestParameter[],
  valueOf: (parameter: RestParameter) => unknown,
): string {
  let last = ''
  const segment = template.replace(PLACEHOLDER, (_, name: string) => {
    const { argument, text, value } = valueFor(name, parameters, valueOf)
    if (leadsElsewhere(value)) throw unfit(argument, 'goes into a path, so it can have no "." or ".." between slashes.')
    last = argument
    return text
  })
  if (last === '') return template
  if (segment === '') throw unfit(last, 'goes into a path, so it can not be empty.')
  if (isDots(segment)) throw unfit(last, 'goes into a path, so it can not be "." or "..".')
  return segment
}

function valueFor(
  name: string,
  parameters: readonly RestParameter[],
  valueOf: (parameter: RestParameter) => unknown,
): { argument: string; text: string; value: unknown } {
  const parameter = parameters.find((candidate) => candidate.in === 'path' && candidate.name === name)
  if (parameter === undefined)
    throw unfit('path', `The path has {${name}}, but the tool has no path parameter ${name}.`)
  const argument = argumentName(parameter)
  const value = valueOf(parameter)
  if (value === undefined || value === null) throw unfit(argument, 'goes into a path, so it has to be given.')
  return { argument, text: pathText(parameter, value), value }
}

function leadsElsewhere(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(leadsElsewhere)
  return typeof value === 'string' && decodedFully(value).split(/[/\\]/).some(isDots)
}

function isDots(segment: string): boolean {
  const plain = decodedFully(segment)
  return plain === '.' || plain === '..'
}

/** Twice: a proxy may take escapes back before the server does. */
function decodedFully(text: string): string {
  const once = text.replace(/%(2e|2f|5c|25)/gi, (escape) => decodeURIComponent(escape))
  return once.replace(/%(2e|2f|5c)/gi, (escape) => decodeURIComponent(escape))
}
