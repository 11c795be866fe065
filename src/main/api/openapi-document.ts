import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { z } from 'zod'
import { Agent } from '../../shared/contract/agents.ts'
import { contract } from '../../shared/contract/contract.ts'
import { errorTable } from '../../shared/contract/error-table.ts'
import { ErrorDetail } from '../../shared/contract/errors.ts'
import { ChangeEvent } from '../../shared/contract/events.ts'
import { Connection, Integration, McpSettings, TestResult, TestStep } from '../../shared/contract/integrations.ts'
import { Tool } from '../../shared/contract/tools.ts'
import { VaultState } from '../../shared/contract/vault.ts'
import { Workspace } from '../../shared/contract/workspaces.ts'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'

/** How every error looks over HTTP. */
const ErrorBody = z.object({
  error: z.object({
    code: z.enum(Object.keys(errorTable)),
    message: z.string(),
    details: z.array(ErrorDetail),
  }),
})

/** The admin API described by the contract itself, in OpenAPI 3.1. */
export async function openApiDocument(version: string, serverUrl: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const output = { strategy: 'output' } as const
  const document = await generator.generate(contract, {
    info: { title: 'Gatehouse admin API', version },
    servers: [{ url: serverUrl }],
    security: [{ admin_token: [] }],
    components: {
      securitySchemes: { admin_token: { type: 'http', scheme: 'bearer' } },
      parameters: {
        Workspace: {
          name: 'Gatehouse-Workspace',
          in: 'header',
          schema: { type: 'string', default: DEFAULT_WORKSPACE },
        },
      },
    },
    commonSchemas: {
      Agent: { ...output, schema: Agent },
      ChangeEvent: { ...output, schema: ChangeEvent },
      Connection: { ...output, schema: Connection },
      Error: { ...output, schema: ErrorBody },
      ErrorDetail: { ...output, schema: ErrorDetail },
      Integration: { ...output, schema: Integration },
      McpSettings: { schema: McpSettings },
      TestResult: { ...output, schema: TestResult },
      TestStep: { ...output, schema: TestStep },
      Tool: { ...output, schema: Tool },
      VaultState: { ...output, schema: VaultState },
      Workspace: { ...output, schema: Workspace },
    },
    customErrorResponseBodySchema: () => ({ $ref: '#/components/schemas/Error' }),
  })
  for (const item of Object.values(document.paths ?? {})) {
    if (!item) continue
    item.parameters = [{ $ref: '#/components/parameters/Workspace' }]
    for (const operation of [item.get, item.post, item.patch, item.delete])
      describeResponses(operation?.responses ?? {})
  }
  return document
}

/** The generator names an error response after its number, and gives "no content" a body. */
function describeResponses(responses: OpenAPI.ResponsesObject): void {
  for (const [status, response] of Object.entries(responses)) {
    if ('$ref' in response) continue
    const codes = Object.entries(errorTable).filter(([, error]) => String(error.status) === status)
    if (codes.length > 0) response.description = codes.map(([code, { message }]) => `\`${code}\`: ${message}`).join(' ')
    if (status === '204') delete response.content
  }
}
