import { expect, it } from 'vitest'
import { restToolProblems } from '../../../src/main/integrations/rest-rules.ts'
import { sourceFormat } from '../../../src/main/integrations/source-format.ts'
import { RestTool, type RestToolInput } from '../../../src/shared/contract/rest.ts'

const tool = (changes: Partial<RestToolInput> = {}) =>
  RestTool.parse({ name: 'get', method: 'GET', path: '/x/{id}', parameters: [{ name: 'id', in: 'path' }], ...changes })
const paths = (...tools: RestTool[]) => restToolProblems(tools).map(({ path }) => path)
const json = { content_type: 'application/json' }

it('finds everything that is wrong with each tool', () => {
  expect(paths(tool())).toEqual([])
  expect(paths(tool(), tool())).toEqual(['rest.tools.1.name'])
  expect(paths(tool({ parameters: [] }))).toEqual(['rest.tools.0.path'])
  expect(paths(tool({ path: '/x' }))).toEqual(['rest.tools.0.parameters.0.name'])
  expect(paths(tool({ path: '/x', parameters: [], body: json }))).toEqual(['rest.tools.0.body'])
  expect(paths(tool({ path: '/x', parameters: [{ name: 'a', in: 'body' }] }))).toEqual(['rest.tools.0.parameters.0.in'])
  const body = { ...json, schema: { type: 'object' } }
  expect(paths(tool({ path: '/', method: 'POST', body, parameters: [{ name: 'a', in: 'body' }] }))).toEqual([
    'rest.tools.0.parameters.0.in',
  ])
  const twice = [
    { name: 'a', in: 'query' as const },
    { name: 'b', argument: 'a', in: 'header' as const },
  ]
  expect(paths(tool({ path: '/', parameters: twice }))).toEqual(['rest.tools.0.parameters.1.argument'])
})

it('names the tool, and stops where more help nobody', () => {
  expect(restToolProblems([tool({ parameters: [] })])[0]?.message).toMatch(/^get: \{id\} has no path parameter/)
  const many = Array.from({ length: 500 }, () => tool())
  expect(restToolProblems(many)).toHaveLength(100)
})

it.each([
  ['{"openapi":"3.1.0","info":{}}', 'OpenAPI 3.1.0'],
  ['{ "info": {}, "swagger": "2.0" }', 'Swagger 2.0'],
  ['# ours\nopenapi: 3.0.3\ninfo:', 'OpenAPI 3.0.3'],
  [`info: {}\n"openapi": '3.2.0'`, 'OpenAPI 3.2.0'],
  ['swagger: "2.0"', 'Swagger 2.0'],
])('tells what a document is: %s', (document, format) => expect(sourceFormat(document)).toBe(format))

it.each(['', 'x', '{"graphql":1}', 'description: about openapi 3'])('refuses another text: %s', (document) => {
  expect(() => sourceFormat(document)).toThrow('no OpenAPI or Swagger document')
})
