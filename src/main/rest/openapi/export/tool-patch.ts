import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { RestTool, type RestParameter } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { applyPatch, patchBetween, ValuePatch } from './value-patch.ts'
import { definitionReference, mapReferences, moveDefinitions } from '../schemas/schema-refs.ts'

/** What makes one tool of another: what OpenAPI has no word for, or would say otherwise when it is read again. */
export const ToolPatch = ValuePatch.extend({
  /** The parameters by `place.name`, where they are others or in another order. */
  order: z.array(z.string()).optional(),
  /** What definitions are called in the tool, where a whole document needs other names. */
  definitions: z.record(z.string(), z.string()).optional(),
  /** The same of its answer. */
  answer_definitions: z.record(z.string(), z.string()).optional(),
})
export type ToolPatch = z.infer<typeof ToolPatch>

type Names = Readonly<Record<string, string>>

/** What makes `wanted` of `tool`; undefined: they are the same. `names`: `definitions` and `answer_definitions`. */
export function toolPatch(
  tool: RestTool,
  wanted: RestTool,
  names: { request: Names; answer: Names } = { request: {}, answer: {} },
): ToolPatch | undefined {
  const from = viewOf(renameDefinitions(tool, names.request, names.answer))
  // A tool that was made by hand becomes one of its document's operation.
  const to = viewOf(
    wanted.operation === undefined && tool.operation ? { ...wanted, operation: tool.operation } : wanted,
  )
  const patch: ToolPatch = {
    ...patchBetween(from.fields, to.fields),
    ...(!isDeepStrictEqual(from.order, to.order) && { order: to.order }),
    ...(!isEmpty(names.request) && { definitions: names.request }),
    ...(!isEmpty(names.answer) && { answer_definitions: names.answer }),
  }
  return isEmpty(patch) ? undefined : patch
}

/** Throws a ZodError where what comes out is no tool. */
export function patchedTool(
  tool: RestTool,
  { order, definitions = {}, answer_definitions = {}, ...patch }: ToolPatch,
): RestTool {
  const from = viewOf(renameDefinitions(tool, definitions, answer_definitions))
  const { parameters, ...fields } = applyPatch(from.fields, patch) as Record<string, unknown>
  const byKey = Parameters.parse(parameters)
  return RestTool.parse({ ...fields, parameters: (order ?? from.order).map((key) => byKey[key]) })
}

const Parameters = z.record(z.string(), z.unknown())

/** With the parameters by name in place of a list, so that each of them can be found again. */
function viewOf({ parameters, ...fields }: RestTool): { fields: Record<string, unknown>; order: string[] } {
  const entries = new Map<string, RestParameter>()
  for (const parameter of parameters) entries.set(freeKey(`${parameter.in}.${parameter.name}`, entries), parameter)
  return { fields: { ...fields, parameters: Object.fromEntries(entries) }, order: [...entries.keys()] }
}

/** Two may have one name in one place. */
function freeKey(key: string, taken: ReadonlyMap<string, unknown>): string {
  return taken.has(key) ? freeKey(`${key}'`, taken) : key
}

/** The tool with its definitions called otherwise, and everything that refers to them. */
function renameDefinitions(tool: RestTool, names: Names, answerNames: Names): RestTool {
  if (isEmpty(names) && isEmpty(answerNames)) return tool
  const { $defs, body, output_schema } = tool
  return {
    ...tool,
    parameters: tool.parameters.map((one) => ({
      ...one,
      schema: renamed(one.schema, names) as RestParameter['schema'],
    })),
    ...(body?.schema !== undefined && { body: { ...body, schema: renamed(body.schema, names) as typeof body.schema } }),
    ...($defs !== undefined && { $defs: renamedAll($defs, names) as typeof $defs }),
    ...(output_schema !== undefined && { output_schema: renamedAnswer(output_schema, answerNames) }),
  }
}

function renamedAnswer({ $defs, ...schema }: Record<string, unknown>, names: Names): Record<string, unknown> {
  const answer = renamed(schema, names) as Record<string, unknown>
  return isObject($defs) ? { ...answer, $defs: renamedAll($defs, names) } : answer
}

function renamedAll($defs: Readonly<Record<string, unknown>>, names: Names): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries($defs).map(([name, schema]) => [nameIn(names, name) ?? name, renamed(schema, names)]),
  )
}

function renamed(schema: unknown, names: Names): unknown {
  return mapReferences(
    schema,
    moveDefinitions((name) => {
      const to = nameIn(names, name)
      return to === undefined ? undefined : definitionReference(to)
    }),
  )
}

function nameIn(names: Names, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0
}
