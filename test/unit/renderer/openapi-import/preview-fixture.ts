import type { PreviewTool } from '../../../../src/shared/contract/openapi.ts'
import type { Preview } from '../../../../src/renderer/features/openapi-import/use-preview.ts'

/** `previewTool('GET /invoices/{id}')`: an operation of a document as the tool that it would be. */
export function previewTool(operation: string, changes: Partial<PreviewTool> & { tags?: string[] } = {}): PreviewTool {
  const [method = '', path = ''] = operation.split(' ')
  const { tags = [], ...tool } = changes
  return {
    name: `${method.toLowerCase()}_${path.replace(/\W+/g, '_').replace(/^_|_$/g, '')}`,
    description: `What ${operation} does.`,
    method,
    path,
    parameters: [],
    body: null,
    operation: { path, method, tags, deprecated: false },
    input_schema: { type: 'object', properties: {} },
    reads: method === 'GET',
    tokens: 40,
    warnings: [],
    ...tool,
  }
}

/** The preview of a document with these operations, as the core answers it. */
export function previewOf(tools: PreviewTool[], changes: Partial<Preview> = {}): Preview {
  const auth = {
    name: 'bearerAuth',
    auth_type: 'bearer' as const,
    auth_header_prefix: 'Bearer',
    auth: {},
    description: '',
  }
  return {
    title: 'Billing API',
    version: '1.2.0',
    description: 'Invoices and payments.\n\nMore that nobody reads.',
    format: 'OpenAPI 3.1.0',
    base_url: 'https://billing.example.com/v1',
    servers: [],
    auth,
    auth_options: [auth],
    tools,
    operation_count: tools.length,
    warnings: [],
    source: { kind: 'text', document: null },
    ...changes,
  }
}
