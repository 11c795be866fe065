import Ajv from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { mapDocument } from '../../../../src/main/rest/openapi/mapping/map-document.ts'
import { readDocument } from '../../../../src/main/rest/openapi/reading/spec-document.ts'
import { subschemas } from '../../../../src/main/rest/schema-walk.ts'
import { OpenApiPreview, type PreviewTool } from '../../../../src/shared/contract/openapi.ts'
import { corpus, corpusSpec } from '../../../helpers/openapi-corpus.ts'
import { truthsOf, type Truth } from './map-truths.ts'

/** What OpenAPI has in schemas, and JSON Schema 2020-12 has not. */
const FOREIGN = ['nullable', 'example', 'discriminator', 'xml', 'externalDocs', 'id', '$id', 'readOnly', 'definitions']
const ARGUMENT = /^[a-zA-Z0-9_.-]{1,64}$/
const BIG = 240_000

// What is compiled never runs: making it fast is half of the time.
const ajv = new Ajv({ strict: false, validateFormats: false, logger: false, code: { optimize: false } })
/** Many operations of one API take the same. */
const seen = new Set<string>()

describe.each(corpus.filter(({ expect: wanted }) => wanted !== 'error'))('$id', ({ id }) => {
  const { text, files } = corpusSpec(id)
  const truths = new Map(truthsOf(text, files).map((truth) => [truth.label, truth]))

  test('every operation is the tool that the document describes', { timeout: BIG }, () => {
    const preview = mapDocument(readDocument(text, files))
    expect(OpenApiPreview.parse(preview)).toEqual(preview)
    expect(new Set(preview.tools.map(labelOf))).toEqual(new Set(truths.keys()))
    expect(preview.operation_count).toBe(truths.size)
    expect(new Set(preview.tools.map(({ name }) => name)).size).toBe(preview.tools.length)
    const problems = preview.tools.flatMap((tool) => {
      const truth = truths.get(labelOf(tool))
      return truth ? problemsOf(tool, truth).map((problem) => `${labelOf(tool)}: ${problem}`) : []
    })
    expect(problems).toEqual([])
  })
})

function labelOf({ operation }: PreviewTool): string {
  return `${operation?.method ?? ''} ${operation?.path ?? ''}`
}

/** All that is wrong, so that one failure shows its kind and how often it is there. */
function problemsOf(tool: PreviewTool, truth: Truth): string[] {
  const problems: string[] = []
  const check = (isRight: boolean, problem: string) => {
    if (!isRight) problems.push(problem)
  }
  const outside = tool.parameters.filter((parameter) => parameter.in !== 'body')
  const found = outside.map(({ in: place, name, required }) => `${place} ${name}${required ? ' !' : ''}`).sort()
  check(JSON.stringify(found) === JSON.stringify(truth.parameters), `${found.join()} is not ${truth.parameters.join()}`)
  check((tool.body !== null) === truth.hasBody, truth.hasBody ? 'the body is lost' : 'there is a body')
  const { mediaTypes } = truth
  if (tool.body && mediaTypes !== undefined && !mediaTypes.includes('*/*')) {
    check(mediaTypes.includes(tool.body.content_type), `${tool.body.content_type} is not among ${mediaTypes.join()}`)
  }

  const { properties = {}, required = [] } = tool.input_schema as { properties?: object; required?: string[] }
  const wanted = tool.parameters.map(({ name, argument }) => argument ?? name)
  if (tool.body?.schema !== undefined) wanted.push('body')
  check(new Set(wanted).size === wanted.length, `two arguments have one name: ${wanted.join()}`)
  check(JSON.stringify(Object.keys(properties).sort()) === JSON.stringify([...wanted].sort()), 'arguments are missing')
  check(
    wanted.every((name) => ARGUMENT.test(name)),
    `no name for a model: ${wanted.join()}`,
  )
  const needed = tool.parameters.filter((one) => one.required).map(({ name, argument }) => argument ?? name)
  if (tool.body?.required && tool.body.schema !== undefined) needed.push('body')
  check(JSON.stringify([...required].sort()) === JSON.stringify(needed.sort()), `required is ${required.join()}`)

  const { body } = tool
  const isObjectBody = body?.schema === undefined || /json|form/.test(body.content_type)
  const text = body?.schema === undefined ? '' : JSON.stringify(tool.input_schema)
  const fields = tool.parameters.filter((parameter) => parameter.in === 'body').map(({ name }) => name)
  const lost = truth.fields.filter((field) => !fields.includes(field) && !text.includes(JSON.stringify(field)))
  check(!isObjectBody || lost.length === 0, `fields are lost: ${lost.join()}`)

  check(/^[A-Za-z0-9_-]{1,64}$/.test(tool.name), `no name for a tool: ${tool.name}`)
  for (const schema of [tool.input_schema, tool.output_schema ?? {}]) {
    const text = JSON.stringify(schema)
    check(text.length <= 100_000, `a schema has ${text.length} characters`)
    if (seen.has(text)) continue
    seen.add(text)
    const foreign = foreignIn(schema)
    check(foreign.length === 0, `no JSON Schema: ${foreign.join()}`)
    try {
      // References that lead nowhere are errors here as well.
      ajv.compile(schema)
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
    ajv.removeSchema(schema)
  }
  return problems
}

function foreignIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = Object.keys(schema).filter((keyword) => FOREIGN.includes(keyword) || keyword.startsWith('x-'))
  return [...own, ...subschemas(schema as Record<string, unknown>).flatMap(foreignIn)]
}
