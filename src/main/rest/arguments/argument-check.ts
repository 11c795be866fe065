import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { ErrorObject } from 'ajv'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { isObject } from '../../base/is-object.ts'
import type { OwnToolDefinition } from '../../upstream/own-tools.ts'
import { dotted, misfits } from './describe-misfit.ts'
import { ExactNumber } from '../exact-numbers.ts'
import { type GuardedCheck, guardedCheck } from './guarded-check.ts'
import { GuardedPattern } from './guarded-pattern.ts'
import { mendedArguments } from './mend-arguments.ts'
import { argumentName, inputSchemaOf, isShown, outputSchemaOf } from '../tool-definition.ts'
import { UnfitArguments } from './unfit-arguments.ts'

/** Compiled schemas that are kept: those of tools that were called last. */
const MAX_COMPILED = 100
/** Compiling takes about a millisecond for each KiB, and nothing else is served meanwhile. */
const MAX_SCHEMA_CHARACTERS = 128 * 1024
/** Each value that does not fit is a fault with a text of its own, and of alternatives each: gigabytes for a few MiB. */
const MAX_VALUES = 50_000
/** Each may uncover one further down. */
const MAX_MENDINGS = 4
/** Formats that mean the same to everybody. Other ones (`uri`, `hostname`) APIs use for more than the word says. */
const FORMATS = ['date', 'date-time', 'email', 'float', 'double', 'int32', 'int64', 'ipv4', 'ipv6', 'uuid'] as const

/** Undefined: the schema does not compile, so everything fits and the API judges. */
type Check = Promise<GuardedCheck | undefined>

interface Compiled {
  input?: Check
  output?: Check
}

type Create = (options: { allErrors: boolean }) => Ajv2020

let loading: Promise<Create> | undefined

/** Checks arguments and answers of tools against their schemas. */
export class ArgumentCheck {
  readonly #compiled = new Map<RestTool | OwnToolDefinition, Compiled>()

  /**
   * The arguments to send: those given, put right where a model's habits explain what is wrong with them, and with
   * defaults. Throws `UnfitArguments`.
   */
  async fit(tool: RestTool, given: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const names = tool.parameters.filter(isShown).map(argumentName)
    return await this.#fitting(tool, withDefaults(tool, given), {
      schema: () => inputSchemaOf(tool),
      names: tool.body?.schema === undefined ? names : [...names, 'body'],
    })
  }

  /** The same of a tool that is code of Gatehouse. */
  async fitOwn(tool: OwnToolDefinition, given: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const properties = isObject(tool.inputSchema.properties) ? tool.inputSchema.properties : {}
    const defaults = Object.entries(properties).flatMap(([name, schema]): [string, unknown][] =>
      isObject(schema) && schema.default !== undefined && !Object.hasOwn(given, name) ? [[name, schema.default]] : [],
    )
    const args = Object.fromEntries([...Object.entries(given), ...defaults])
    return await this.#fitting(tool, args, { schema: () => tool.inputSchema, names: Object.keys(properties) })
  }

  async #fitting(
    tool: RestTool | OwnToolDefinition,
    args: Record<string, unknown>,
    { schema, names }: { schema: () => Record<string, unknown>; names: readonly string[] },
  ): Promise<Record<string, unknown>> {
    const compiled = this.#of(tool)
    compiled.input ??= compile(schema(), { allErrors: true })
    const check = await compiled.input
    if (check === undefined || hasMoreValues(args, MAX_VALUES)) return args
    const found = errorsIn(check, args)
    let errors = found
    let current = args
    for (let turn = 0; errors.length > 0 && turn < MAX_MENDINGS; turn++) {
      const better = mendedArguments(current, errors)
      if (better === undefined) break
      current = better
      errors = errorsIn(check, current)
    }
    if (errors.length === 0) return current
    const values = new Map(found.map(({ instancePath, data }) => [dotted(instancePath), data]))
    throw new UnfitArguments(misfits(found, (path) => values.get(path), names))
  }

  /** Where an answer differs from what agents were told of it; undefined: it does not. */
  async outputFault(tool: RestTool, value: unknown): Promise<string | undefined> {
    const schema = outputSchemaOf(tool)
    if (schema === undefined) return undefined
    const compiled = this.#of(tool)
    compiled.output ??= compile(schema, { allErrors: false })
    const check = await compiled.output
    const [first] = check === undefined ? [] : errorsIn(check, value)
    return first && `${dotted(first.instancePath) || 'it'} ${first.message ?? 'is not valid'}`
  }

  /** The one that was not called for the longest time makes room. */
  #of(tool: RestTool | OwnToolDefinition): Compiled {
    const known = this.#compiled.get(tool) ?? {}
    this.#compiled.delete(tool)
    this.#compiled.set(tool, known)
    const [oldest] = this.#compiled.keys()
    if (this.#compiled.size > MAX_COMPILED && oldest !== undefined) this.#compiled.delete(oldest)
    return known
  }
}

/**
 * Of arguments left out, what is sent in their place. The default of a tool made by hand is what its author wants to send.
 * That of an imported one is what the API takes anyway, and is sent only where a value has to be there.
 */
function withDefaults(tool: RestTool, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isImported = tool.operation !== undefined
  const defaults = tool.parameters.flatMap((parameter): [string, unknown][] => {
    const { schema, required, constant } = parameter
    const name = argumentName(parameter)
    const isNeeded = !isImported || required || parameter.in === 'path'
    if (constant !== undefined || !isNeeded || Object.hasOwn(given, name)) return []
    return isObject(schema) && schema.default !== undefined ? [[name, schema.default]] : []
  })
  return Object.fromEntries([...Object.entries(given), ...defaults])
}

/** With an Ajv of its own: one keeps all that it ever compiled, and refuses an `$id` that it has seen. */
async function compile(schema: Record<string, unknown>, options: { allErrors: boolean }): Check {
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARACTERS) return undefined
  const create = await (loading ??= load())
  try {
    return guardedCheck(create(options).compile(schema), schema)
  } catch {
    return undefined
  }
}

/** Loaded with the first call: it takes 4 MiB. */
async function load(): Promise<Create> {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')])
  const regExp = Object.assign((source: string) => new GuardedPattern(source), { code: '' })
  return (options) => {
    const ajv = new Ajv2020({
      ...options,
      strict: false,
      meta: false,
      validateSchema: false,
      inlineRefs: false,
      verbose: true,
      logger: false,
      code: { regExp },
    })
    // Compares each item with all others: the API may do that.
    ajv.removeKeyword('uniqueItems')
    formats.default(ajv, { mode: 'fast', formats: [...FORMATS] })
    return ajv
  }
}

/** Sloppy documents have alternatives that overlap: a value that fits two of them is no fault of the agent. */
function errorsIn(check: GuardedCheck, value: unknown): ErrorObject[] {
  // Ajv knows no property of this name.
  const errors = check(plain(value)).filter(({ params }) => params.additionalProperty !== '__proto__')
  const isAmbiguous = ({ keyword, params }: ErrorObject) =>
    keyword === 'oneOf' && (params as { passingSchemas: unknown }).passingSchemas !== null
  return errors.every(isAmbiguous) ? [] : errors
}

/** With exact numbers as the nearest numbers that a schema can be applied to. */
function plain(value: unknown): unknown {
  if (value instanceof ExactNumber) return Number(value.text)
  if (Array.isArray(value)) return value.map(plain)
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value
}

function hasMoreValues(root: unknown, most: number): boolean {
  let left = most
  const waiting = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null) continue
    const inner: unknown[] = Object.values(value)
    left -= inner.length
    if (left < 0) return true
    for (const item of inner) waiting.push(item)
  }
  return false
}
