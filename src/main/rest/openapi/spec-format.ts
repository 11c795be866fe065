import { AppError } from '../../base/app-error.ts'
import { isObject } from '../../base/is-object.ts'
import { whatItIs } from './non-spec.ts'

export type SpecFormat = 'swagger-2.0' | 'openapi-3.0' | 'openapi-3.1' | 'openapi-3.2'

/** Which specification a parsed document follows. Throws `invalid_input` with what the text is, where it is something else. */
export function formatOf(root: unknown, text: string): { format: SpecFormat; formatName: string } {
  const format = isObject(root) ? knownFormat(root) : undefined
  if (format !== undefined) return format
  const message = `${whatItIs(root, text)} Give an OpenAPI 3.0, 3.1 or 3.2 or a Swagger 2.0 document.`
  throw new AppError('invalid_input', { message, details: [{ path: 'spec', message }] })
}

/** A version may be a number: `openapi: 3.1` in YAML is one. */
function knownFormat({ openapi, swagger }: Record<string, unknown>) {
  const version = versionIn(openapi)
  const minor = /^3\.([012])(\.|-|$)/.exec(version)?.[1] as '0' | '1' | '2' | undefined
  if (minor !== undefined) return { format: `openapi-3.${minor}` as const, formatName: `OpenAPI ${version}` }
  if (openapi === undefined && /^2(\.0(\.0)?)?$/.test(versionIn(swagger))) {
    return { format: 'swagger-2.0' as const, formatName: 'Swagger 2.0' }
  }
  return undefined
}

function versionIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}
