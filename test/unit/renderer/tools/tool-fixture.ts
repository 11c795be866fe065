import type { Tool } from '../../../../src/shared/contract/tools.ts'

/** A tool by its gateway name; a test says only what matters to it. */
export function tool(gatewayName: string, changes: Partial<Tool> = {}): Tool {
  const [integration = '', name = ''] = gatewayName.split('__')
  return {
    name,
    gateway_name: gatewayName,
    integration,
    title: null,
    description: '',
    input_schema: {},
    tokens: 100,
    annotations: {},
    state: 'allowed',
    change: null,
    flags: [],
    ...changes,
  }
}
