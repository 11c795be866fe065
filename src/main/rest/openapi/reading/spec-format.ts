import { isObject } from '../../../base/is-object.ts'
import { nonSpecValue } from './non-spec.ts'
import { unreadable } from './unreadable.ts'

export type SpecFormat = 'swagger-2.0' | 'openapi-3.0' | 'openapi-3.1' | 'openapi-3.2'

export interface Format {
  format: SpecFormat
  /** `OpenAPI 3.1.0`, `Swagger 2.0`. */
  formatName: string
}

/** Which specification a parsed document follows. Throws `invalid_input` with what it is, where it is something else. */
export function formatOf(root: unknown): Format {
  const format = isObject(root) ? knownFormat(root) : undefined
  if (format !== undefined) return format
  throw unreadable(nonSpecValue(root))
}

/** A version may be a number: in YAML `openapi: 3.1` is one, and `openapi: 3.0` is 3. */
function knownFormat({ openapi, swagger }: Record<string, unknown>): Format | undefined {
  if (openapi === undefined) {
    const isTwo = /^2(\.0(\.\d+)?)?$/.test(versionIn(swagger))
    return isTwo ? { format: 'swagger-2.0', formatName: 'Swagger 2.0' } : undefined
  }
  const version = versionIn(openapi)
  const minor = /^3(?:\.([012])(?:[.-][\w.-]*)?)?$/.exec(version)
  if (minor === null) return undefined
  const format = `openapi-3.${(minor[1] ?? '0') as '0' | '1' | '2'}` as const
  return { format, formatName: `OpenAPI ${version === '3' ? '3.0' : version}` }
}

function versionIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}
