import {
  getEventIteratorSchemaDetails,
  isContractProcedure,
  type AnyContractProcedure,
  type AnySchema,
} from '@orpc/contract'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openApiDocument } from '../../../src/main/api/openapi-document.ts'
import { contract } from '../../../src/shared/contract/contract.ts'
import { errorTable } from '../../../src/shared/contract/error-table.ts'
import { Integration } from '../../../src/shared/contract/integrations.ts'

function operationsOf(router: object, path: string[] = []): [string, AnyContractProcedure][] {
  return Object.entries(router).flatMap(([key, value]: [string, unknown]) =>
    isContractProcedure(value)
      ? [[[...path, key].join('.'), value] as [string, AnyContractProcedure]]
      : operationsOf(value as object, [...path, key]),
  )
}
const operations = operationsOf(contract)

/** Every property name in the JSON schema of what an operation answers, streams included. */
function outputFields(operation: AnyContractProcedure): string[] {
  const output = operation['~orpc'].outputSchema as AnySchema | undefined
  const stream = getEventIteratorSchemaDetails(output)
  return [output, stream?.yields, stream?.returns]
    .filter((schema) => schema instanceof z.ZodType)
    .flatMap((schema) => propertyNames(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })))
}

function propertyNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'properties' in value ? Object.keys(value.properties as object) : []
  return [...own, ...Object.values(value).flatMap(propertyNames)]
}

describe('contract', () => {
  it('knows its operations', () => expect(operations.length).toBeGreaterThan(20))

  it.each(operations)('%s answers no field with the name of a secret', (name, operation) => {
    const secret = /token|secret|password|passphrase|api_key|private_key|cookie/i
    // Numbers, names and addresses: what a definition costs a model, how many secrets there are, which are missing, where tokens come from.
    const harmless = ['tokens', 'secret_count', 'missing_secrets', 'token_url', 'token_endpoint_auth_method']
    const found = outputFields(operation).filter((field) => secret.test(field) && !harmless.includes(field))
    // Shown once, when it is made: contract.md, "agents", "gatehouse stdio" and hook tokens.
    const mints = ['agents.create', 'agents.rotate', 'agents.lease', 'hook_tokens.create'].includes(name)
    const made = name === 'channels.rotate_secret' ? ['secret'] : []
    expect(found).toEqual(mints ? ['token'] : made)
  })

  it('can only answer masked credentials', () => {
    const credentials = Integration.shape.credentials
    expect(credentials.safeParse({ api_token: '••••cdef', env: { KEY: '••••' } }).success).toBe(true)
    expect(credentials.safeParse({ api_token: 'plain-secret' }).success).toBe(false)
    expect(credentials.safeParse({ env: { KEY: 'plain-secret' } }).success).toBe(false)
    expect(credentials.safeParse({ api_token: '••••more than four' }).success).toBe(false)
  })

  it.each(operations)('%s can answer every error of the table', (_name, operation) => {
    expect(Object.keys(operation['~orpc'].errorMap as object)).toEqual(Object.keys(errorTable))
  })
})

describe('OpenAPI document', async () => {
  const document = await openApiDocument('1.2.3', 'http://127.0.0.1:7420/api/v1')
  const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item?.[method]
      return operation ? [{ path, method, operation }] : []
    }),
  )

  it('is OpenAPI 3.1 with the product version', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(document.info.version).toBe('1.2.3')
  })

  it('describes every operation once', () => {
    const routes = operations.map(
      ([
        ,
        {
          '~orpc': { route },
        },
      ]) => `${route.method?.toLowerCase()} ${route.path}`,
    )
    expect(new Set(routes).size).toBe(operations.length)
    expect(described.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes.sort())
    const ids = described.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('declares each parameter of a path', () => {
    for (const { path, operation } of described) {
      const inPath = (operation.parameters ?? []).flatMap((parameter) =>
        'in' in parameter && parameter.in === 'path' ? [parameter.name] : [],
      )
      expect(inPath.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort())
    }
  })

  it('refers only to what it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, pointer]) => pointer ?? '',
    )
    expect(references).toContain('components/schemas/Integration')
    for (const pointer of new Set(references)) {
      const target = pointer.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document)
      expect(target, pointer).toBeTypeOf('object')
    }
  })

  it('holds schemas that a JSON Schema reader accepts', () => {
    const schemas = Object.entries(document.components?.schemas ?? {})
    for (const [name, schema] of schemas) {
      const whole = { ...schema, $defs: document.components?.schemas }
      const text = JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/')
      expect(() => z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]), name).not.toThrow()
    }
  })

  it('says how an error looks, and that "no content" has none', () => {
    const remove = document.paths?.['/integrations/{name}']?.delete?.responses
    expect(remove?.['204']).toEqual({ description: 'OK' })
    expect(remove?.['403']).toMatchObject({
      description: expect.stringContaining('plan_required') as string,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    })
  })
})
