import type { RegistryField, RegistryTool, RegistryWay } from './registry-schema.ts'
import { holesOf, type Template } from './templates.ts'

/** Whether something belongs to a setup of this way in which these fields were given. */
export function belongs(
  { needs, ways }: Pick<RegistryTool, 'needs' | 'ways'>,
  way: RegistryWay,
  given: ReadonlySet<string>,
): boolean {
  return (needs === undefined || given.has(needs)) && (ways === undefined || ways.includes(way.id))
}

/**
 * The field of the setup that a setting of the REST API comes from: `values.endpoint` of `rest.base_url`,
 * `credentials.token` of `credentials.api_token`. Undefined: the setting is the registry's own.
 */
export function fieldBehind(way: RegistryWay, path: string): string | undefined {
  const [place = '', name = '', ...more] = path.split('.')
  if (place === 'credentials') {
    const field = way.fields.find(({ credential }) => credential === name)
    return field && pathOf(field)
  }
  const templates = place === 'rest' || place === 'connection' ? way.connection : way.auth
  const member = name === 'oauth' ? way.auth.oauth : templates
  const template = (member as Readonly<Record<string, Template | undefined>> | undefined)?.[
    name === 'oauth' ? (more[0] ?? '') : name
  ]
  const [hole] = template === undefined ? [] : holesOf(template)
  return hole === undefined ? undefined : `values.${hole}`
}

/** As the API calls it. */
export function pathOf({ kind, name }: Pick<RegistryField, 'kind' | 'name'>): string {
  return kind === 'secret' ? `credentials.${name}` : `values.${name}`
}
