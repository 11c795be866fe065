import type { RestParameter, RestTool } from '../../shared/contract/rest.ts'
import { isIdempotent, isReading } from '../../shared/http-methods.ts'
import { isObject } from '../base/is-object.ts'
import { openedOutput } from './output-schema.ts'
import { reachableDefs } from './schema-walk.ts'

/** A tool of MCP 2025-11-25. */
export interface ToolDefinition {
  name: string
  title?: string
  description: string
  inputSchema: Record<string, unknown>
  outputSchema?: Record<string, unknown>
  annotations: Record<string, boolean>
}

/** The argument that a body is which is not made of parameters. */
export const BODY_ARGUMENT = 'body'

/** What agents call the argument that a parameter is. */
export function argumentName({ argument, name }: Pick<RestParameter, 'argument' | 'name'>): string {
  return argument ?? name
}

/** Whether agents see it. */
export function isShown({ constant }: Pick<RestParameter, 'constant'>): boolean {
  return constant === undefined
}

/** The tool as agents see it. */
export function definitionOf(tool: RestTool): ToolDefinition {
  const outputSchema = outputSchemaOf(tool)
  return {
    name: tool.name,
    ...(tool.title !== undefined && { title: tool.title }),
    description: tool.description,
    inputSchema: inputSchemaOf(tool),
    ...(outputSchema && { outputSchema }),
    annotations: { ...hintsOf(tool.method), ...tool.annotations },
  }
}

/** About what a definition costs in an agent's context: a quarter of its bytes. */
export function tokensOf(definition: ToolDefinition): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(definition)) / 4)
}

/** The arguments as JSON Schema 2020-12, with no more of `$defs` than they refer to. Constants are not shown. */
export function inputSchemaOf(tool: RestTool): Record<string, unknown> {
  const { parameters, body } = tool
  // By entries: an argument may be called `__proto__`.
  const properties: [name: string, schema: unknown][] = []
  const required: string[] = []
  const add = (name: string, schema: unknown, description: string, isRequired: boolean): void => {
    properties.push([name, described(schema, description)])
    if (isRequired && !required.includes(name)) required.push(name)
  }
  for (const parameter of parameters.filter(isShown)) {
    const isRequired = parameter.required || parameter.in === 'path'
    add(argumentName(parameter), parameter.schema, parameter.description, isRequired)
  }
  if (body?.schema !== undefined) add(BODY_ARGUMENT, body.schema, body.description, body.required)
  const schemas = properties.map(([, schema]) => schema)
  const $defs = reachableDefs(schemas, tool.$defs)
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...(Object.keys($defs).length > 0 && { $defs }),
    additionalProperties: false,
  }
}

/**
 * What agents are told of the structure of an answer; undefined: nothing, also where a projection makes something else of
 * it.
 */
export function outputSchemaOf(tool: RestTool): Record<string, unknown> | undefined {
  if (tool.output_schema === undefined || tool.projection !== undefined) return undefined
  const { $defs: own, ...schema } = tool.output_schema
  const all = { ...tool.$defs, ...(isObject(own) && own) }
  const root = { type: 'object', ...schema }
  const $defs = reachableDefs([root], all)
  return openedOutput({ ...root, ...(Object.keys($defs).length > 0 && { $defs }) })
}

function hintsOf(method: string): Record<string, boolean> {
  return {
    ...(isReading(method) && { readOnlyHint: true }),
    ...(method === 'DELETE' && { destructiveHint: true }),
    ...(isIdempotent(method) && !isReading(method) && { idempotentHint: true }),
    openWorldHint: true,
  }
}

/** The schema with the parameter's own description, which says more than that of a schema which others use as well. */
function described(schema: unknown, description: string): unknown {
  if (description === '' || schema === false) return schema === true ? {} : schema
  return { ...(isObject(schema) ? schema : {}), description }
}
