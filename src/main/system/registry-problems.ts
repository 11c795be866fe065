import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { restToolProblems } from '../integrations/rest-rules.ts'
import type { RegistryField, RegistryWay, SystemEntry } from './registry-schema.ts'
import { valueProblem } from './setup-values.ts'
import { holesOf, type Template } from './templates.ts'

type Refuse = (path: string, message: string) => void

/** What does not fit together in a registry file, beyond what each of its fields says itself. */
export function entryProblems(entry: SystemEntry): ErrorDetail[] {
  const problems: ErrorDetail[] = []
  const refuse: Refuse = (path, message) => problems.push({ path, message })
  refuseDoubles(entry.ways, 'id', 'ways', refuse)
  for (const [index, way] of entry.ways.entries()) wayProblems(way, `ways.${index}`, refuse)
  toolProblems(entry, refuse)
  return problems
}

function wayProblems(way: RegistryWay, path: string, refuse: Refuse): void {
  refuseDoubles(way.fields, 'name', `${path}.fields`, refuse)
  const fields = new Map(way.fields.map((field) => [field.name, field]))
  const places = new Map<string, string>()
  for (const [index, field] of way.fields.entries()) {
    const where = `${path}.fields.${index}`
    fieldProblems(field, where, fields, refuse)
    const { credential } = field
    if (credential === undefined) continue
    const other = places.get(credential)
    if (other !== undefined) refuse(`${where}.credential`, `${other} goes to ${credential} already.`)
    places.set(credential, field.name)
  }
  const { connection, auth } = way
  templateProblems(connection, `${path}.connection`, fields, refuse)
  templateProblems(auth, `${path}.auth`, fields, refuse)
  if (way.signs_in !== (auth.type === 'oauth2')) {
    refuse(`${path}.signs_in`, 'A way signs in if, and only if, its auth type is oauth2.')
  }
  if (connection.base_url === undefined && (auth.type !== 'none' || way.check_path !== undefined)) {
    refuse(`${path}.connection.base_url`, 'Without a base URL there is nothing to sign in to, and nothing to check.')
  }
}

function fieldProblems(
  field: RegistryField,
  path: string,
  fields: ReadonlyMap<string, RegistryField>,
  refuse: Refuse,
): void {
  const { kind, options, shown_when: condition, credential } = field
  const isSecret = kind === 'secret'
  if ((kind === 'choice' || kind === 'severities') !== options.length > 0) {
    refuse(`${path}.options`, 'Options belong to a choice and to severities, and each of these needs some.')
  }
  if (isSecret && field.default !== null) refuse(`${path}.default`, 'A secret has no default.')
  if (!isSecret && field.default !== null) {
    const problem = valueProblem(field, field.default)
    if (problem !== undefined) refuse(`${path}.default`, problem)
  }
  if (credential !== undefined && !isSecret && kind !== 'text' && kind !== 'pem') {
    refuse(`${path}.credential`, `A ${kind} is no credential.`)
  }
  if (condition !== null && !fields.has(condition.field)) {
    refuse(`${path}.shown_when.field`, `There is no field ${condition.field}.`)
  }
  if (field.pattern !== undefined && !isRegExp(field.pattern.matches)) {
    refuse(`${path}.pattern.matches`, 'This is not a regular expression.')
  }
}

function templateProblems(
  templates: object,
  path: string,
  fields: ReadonlyMap<string, RegistryField>,
  refuse: Refuse,
): void {
  for (const [name, template] of Object.entries(templates) as [string, Template | object | undefined][]) {
    if (template === undefined) continue
    if (name === 'oauth') {
      templateProblems(template as object, `${path}.oauth`, fields, refuse)
      continue
    }
    for (const hole of holesOf(template as Template)) {
      const field = fields.get(hole)
      if (field === undefined) refuse(`${path}.${name}`, `There is no field ${hole}.`)
      // Settings are stored in the open, and shown.
      else if (field.kind === 'secret') refuse(`${path}.${name}`, `${hole} is a secret. Give it a credential in place.`)
    }
  }
}

function toolProblems({ tools, ways }: SystemEntry, refuse: Refuse): void {
  for (const { path, message } of restToolProblems(tools)) refuse(path.replace(/^rest\./, ''), message)
  const ids = new Set(ways.map(({ id }) => id))
  const names = new Set(ways.flatMap(({ fields }) => fields.map(({ name }) => name)))
  for (const [index, { needs, ways: only = [] }] of tools.entries()) {
    if (needs !== undefined && !names.has(needs)) refuse(`tools.${index}.needs`, `No way has a field ${needs}.`)
    for (const id of only) if (!ids.has(id)) refuse(`tools.${index}.ways`, `There is no way ${id}.`)
  }
}

function refuseDoubles<Key extends string>(
  items: readonly Readonly<Record<Key, string>>[],
  key: Key,
  path: string,
  refuse: Refuse,
): void {
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    if (seen.has(item[key])) refuse(`${path}.${index}.${key}`, `${item[key]} stands twice.`)
    seen.add(item[key])
  }
}

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== ''
  } catch {
    return false
  }
}
