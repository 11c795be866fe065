import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { RestTool, type RestParameter } from '../../../shared/contract/rest.ts'
import { definitionReference, mapReferences, moveDefinitions } from './schema-refs.ts'

const FIELDS = [
  'name',
  'title',
  'description',
  'method',
  'path',
  'base_url',
  'body',
  '$defs',
  'output_schema',
  'annotations',
  'projection',
  'operation',
] as const

const Members = z.record(z.string(), z.unknown())

/** What one tool has that differs from another: what OpenAPI has no word for, or would say otherwise when it is read again. */
export const ToolPatch = z.object({
  /** Fields with another value. */
  set: Members.optional(),
  /** Fields that are not there. */
  without: z.array(z.string()).optional(),
  /** By `place.name`: members of a parameter with another value, and in `without` those that are not there. Or all of them anew. */
  parameters: z.union([z.record(z.string(), Members), z.array(Members)]).optional(),
  /** All parameters, where they are others or in another order. */
  order: z.array(z.string()).optional(),
  /** What definitions are called in the tool, where a whole document needs other names. */
  definitions: z.record(z.string(), z.string()).optional(),
})
export type ToolPatch = z.infer<typeof ToolPatch>

/** What makes `wanted` of `tool`; undefined: they are the same. `definitions` as in `ToolPatch`. */
export function patchBetween(
  tool: RestTool,
  wanted: RestTool,
  definitions: Readonly<Record<string, string>> = {},
): ToolPatch | undefined {
  const renames = Object.keys(definitions).length > 0 ? { definitions } : {}
  const from: RestTool = renameDefinitions(tool, definitions)
  // A tool that was made by hand becomes one of its document's operation.
  const to = wanted.operation === undefined && from.operation ? { ...wanted, operation: from.operation } : wanted
  const set = FIELDS.filter((field) => to[field] !== undefined && !isDeepStrictEqual(from[field], to[field]))
  const without = FIELDS.filter((field) => to[field] === undefined && from[field] !== undefined)
  const patch: ToolPatch = {
    ...(set.length > 0 && { set: Object.fromEntries(set.map((field) => [field, to[field]])) }),
    ...(without.length > 0 && { without }),
    ...parametersBetween(from.parameters, to.parameters),
    ...renames,
  }
  return Object.keys(patch).length === 0 ? undefined : patch
}

/** Throws a ZodError where what comes out is no tool. */
export function patched(tool: RestTool, patch: ToolPatch): RestTool {
  const from = renameDefinitions(tool, patch.definitions ?? {})
  const kept = Object.entries(from).filter(([field]) => patch.without?.includes(field) !== true)
  return RestTool.parse({
    ...Object.fromEntries(kept),
    ...patch.set,
    parameters: patchedParameters(from.parameters, patch),
  })
}

function parametersBetween(
  from: readonly RestParameter[],
  to: readonly RestParameter[],
): Pick<ToolPatch, 'parameters' | 'order'> {
  const wanted = to.map(keyOf)
  // Two of one name in one place: a key would not tell them apart.
  if (new Set(wanted).size < wanted.length) return isDeepStrictEqual(from, to) ? {} : { parameters: [...to] }
  const changes = to.flatMap((parameter) => {
    const known = from.find((one) => keyOf(one) === keyOf(parameter))
    const change = membersBetween(known ?? { name: parameter.name, in: parameter.in }, parameter)
    return Object.keys(change).length > 0 ? [[keyOf(parameter), change] as const] : []
  })
  return {
    ...(changes.length > 0 && { parameters: Object.fromEntries(changes) }),
    ...(!isDeepStrictEqual(from.map(keyOf), wanted) && { order: wanted }),
  }
}

function membersBetween(from: Partial<RestParameter>, to: RestParameter): Record<string, unknown> {
  const set = Object.entries(to).filter(([key, value]) => !isDeepStrictEqual(from[key as keyof RestParameter], value))
  const without = Object.keys(from).filter((key) => to[key as keyof RestParameter] === undefined)
  return { ...Object.fromEntries(set), ...(without.length > 0 && { without }) }
}

function patchedParameters(from: readonly RestParameter[], { parameters = {}, order }: ToolPatch): unknown[] {
  if (Array.isArray(parameters)) return parameters
  return (order ?? from.map(keyOf)).map((key) => {
    const known: Record<string, unknown> = from.find((one) => keyOf(one) === key) ?? placeAndName(key)
    const { without, ...set } = parameters[key] ?? {}
    const kept = Object.entries(known).filter(([member]) => !(Array.isArray(without) && without.includes(member)))
    return { ...Object.fromEntries(kept), ...set }
  })
}

function keyOf({ in: place, name }: RestParameter): string {
  return `${place}.${name}`
}

function placeAndName(key: string): Record<string, unknown> {
  const dot = key.indexOf('.')
  return { in: key.slice(0, dot), name: key.slice(dot + 1) }
}

/** The tool with its definitions called otherwise, and everything that refers to them. */
function renameDefinitions(tool: RestTool, names: Readonly<Record<string, string>>): RestTool {
  if (Object.keys(names).length === 0) return tool
  const renamed = (name: string) => (Object.hasOwn(names, name) ? names[name] : undefined)
  const rename = moveDefinitions((name) => {
    const to = renamed(name)
    return to === undefined ? undefined : definitionReference(to)
  })
  const { $defs, body, output_schema } = tool
  return {
    ...tool,
    parameters: tool.parameters.map((one) => ({ ...one, schema: mapReferences(one.schema, rename) })),
    ...(body?.schema !== undefined && { body: { ...body, schema: mapReferences(body.schema, rename) } }),
    ...(output_schema !== undefined && { output_schema: mapReferences(output_schema, rename) }),
    ...($defs !== undefined && {
      $defs: Object.fromEntries(
        Object.entries($defs).map(([name, schema]) => [renamed(name) ?? name, mapReferences(schema, rename)]),
      ),
    }),
  }
}
