import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { oneLine } from '../../notifications/messages/text.ts'
import type { OwnToolResult } from '../../upstream/own-tools.ts'
import type { AdapterTool, SystemAccess } from '../system-adapter.ts'
import { agentMessage } from './agent-message.ts'
import { sendWebhook, type WebhookWire } from './send-webhook.ts'
import type { WebhookEndpoint, WebhookEndpoints } from './webhook-endpoints.ts'

const MAX_DATA = 64 * 1024
const MAX_ANSWER = 1_000

const Arguments = z.strictObject({
  endpoint: z.string().min(1).max(80).describe('Name of the webhook, as list_webhooks gives it.'),
  type: z
    .string()
    .regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, 'Use lowercase words with dots between them, as deploy.finished.')
    .max(100)
    .describe('What happened, as deploy.finished. Receivers get it with "agent." before it.'),
  data: z
    .record(z.string().max(200), z.json())
    .refine((data) => JSON.stringify(data).length <= MAX_DATA, 'data is larger than 64 KiB.')
    .describe('Facts about it, as JSON.'),
})

const sent = {
  type: 'object',
  properties: {
    delivered: { type: 'boolean' },
    webhook_id: { type: 'string' },
    status: { type: 'string', description: 'What the receiver answered.' },
    answer: { type: 'string' },
  },
  required: ['delivered', 'webhook_id'],
}
const listed = {
  type: 'object',
  properties: {
    webhooks: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          host: { type: 'string' },
          format: { type: 'string' },
          enabled: { type: 'boolean' },
          signed: { type: 'boolean' },
        },
        required: ['name', 'host', 'format', 'enabled', 'signed'],
      },
    },
  },
  required: ['webhooks'],
}

/** Threat: an agent that was talked into sending data away. It can name what an admin configured, and no address. */
export function webhookTools(endpoints: WebhookEndpoints, wire: WebhookWire): AdapterTool[] {
  const { $schema: _$schema, ...inputSchema } = z.toJSONSchema(Arguments, { io: 'input' })
  return [
    {
      definition: {
        name: 'send_webhook',
        title: 'Send a webhook',
        description:
          'Sends an event to one of the webhooks that were configured in Gatehouse, signed and in its format. Other addresses can not be sent to.',
        inputSchema,
        outputSchema: sent,
        annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
      },
      call: (access, args, signal) => send(endpoints(access.workspace), access, args, wire, signal),
    },
    {
      definition: {
        name: 'list_webhooks',
        title: 'List webhooks',
        description: 'The webhooks that send_webhook can send to, without their addresses.',
        inputSchema: { type: 'object', properties: {}, additionalProperties: false },
        outputSchema: listed,
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      call: ({ workspace }) => Promise.resolve({ structured: { webhooks: endpoints(workspace).map(shown) } }),
    },
  ]
}

/** Paths of webhooks often have a secret in them. */
function shown({ name, enabled, settings, isSigned }: WebhookEndpoint) {
  const { url, format } = settings
  return { name, host: new URL(url).host, format, enabled, signed: isSigned }
}

async function send(
  all: readonly WebhookEndpoint[],
  access: SystemAccess,
  args: Record<string, unknown>,
  wire: WebhookWire,
  signal: AbortSignal,
): Promise<OwnToolResult> {
  const parsed = Arguments.safeParse(args)
  if (!parsed.success) return refused(z.prettifyError(parsed.error))
  const { endpoint: name, type, data } = parsed.data
  const endpoint = all.find((one) => one.name === name)
  if (endpoint === undefined) {
    const names = all.map((one) => `"${one.name}"`).join(', ')
    return refused(
      `There is no webhook "${oneLine(name, 80)}". ${names === '' ? 'None is configured.' : `There are: ${names}.`}`,
    )
  }
  if (!endpoint.enabled) return refused(`The webhook "${endpoint.name}" is turned off or muted.`)
  const id = randomUUID()
  const message = agentMessage({
    id,
    type,
    timestamp: new Date(wire.now()).toISOString(),
    workspace: access.workspace,
    data,
  })
  const outcome = await sendWebhook(endpoint.settings, message, endpoint, wire, signal)
  if (outcome.kind !== 'delivered') return refused(access.redact(outcome.message))
  const answer = outcome.exchanges[0]?.answer
  return {
    structured: {
      delivered: true,
      webhook_id: id,
      ...(answer && { status: answer.status, answer: access.redact(oneLine(answer.body, MAX_ANSWER)) }),
    },
  }
}

function refused(text: string): OwnToolResult {
  return { text, isError: true }
}
