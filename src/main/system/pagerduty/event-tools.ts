import { z } from 'zod'
import { AppError } from '../../base/app-error.ts'
import { PagerDutySeverity } from '../../../shared/contract/channels.ts'
import type { OwnToolDefinition, OwnToolResult } from '../../upstream/own-tools.ts'
import type { AdapterTool, SystemAccess } from '../system-adapter.ts'
import { enqueue, type SomeEvent } from './events-api.ts'

const MAX_DETAILS = 256 * 1024

const DedupKey = z.string().min(1).max(255).describe('Key of the alert, as trigger_event gave it.')
const Details = z
  .record(z.string().max(200), z.json())
  .refine(
    (details) => Buffer.byteLength(JSON.stringify(details)) <= MAX_DETAILS,
    'custom_details are larger than 256 KiB.',
  )
  .describe('More facts, by name.')
const Links = z
  .array(z.strictObject({ href: z.url({ protocol: /^https?$/ }).max(2048), text: z.string().max(200).optional() }))
  .max(20)
const Summary = z.string().trim().min(1).max(1024).describe('What happened, in one line.')
const Word = z.string().max(500)

const Trigger = z.strictObject({
  summary: Summary,
  severity: PagerDutySeverity.default('error'),
  source: Word.default('gatehouse').describe('What is affected: a host, a service.'),
  dedup_key: DedupKey.optional().describe('Events with the same key go to one alert. Left out: PagerDuty makes one.'),
  component: Word.optional(),
  group: Word.optional(),
  class: Word.optional(),
  custom_details: Details.optional(),
  links: Links.optional(),
})
const ByKey = z.strictObject({ dedup_key: DedupKey })
const Change = z.strictObject({
  summary: Summary,
  source: Word.default('gatehouse'),
  custom_details: Details.optional(),
  links: Links.optional(),
})

const outputSchema = {
  type: 'object',
  properties: { accepted: { type: 'boolean' }, dedup_key: { type: 'string' } },
  required: ['accepted'],
}
const adds = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true }
const changes = { ...adds, destructiveHint: true, idempotentHint: true }

/** Events by the integration's own key. They call people, so they are off in new profiles. */
export const eventTools: readonly AdapterTool[] = [
  tool(
    'trigger_event',
    'Trigger an event',
    'Opens an alert on the PagerDuty service of the integration key, which may call whoever is on call. Gives the key with which it is acknowledged and resolved.',
    adds,
    Trigger,
    triggered,
  ),
  tool(
    'acknowledge_event',
    'Acknowledge an event',
    'Says that somebody is at the alert with this key. PagerDuty drops it where no alert with the key is open.',
    { ...changes, destructiveHint: false },
    ByKey,
    ({ dedup_key }, routingKey): SomeEvent => ({ routing_key: routingKey, event_action: 'acknowledge', dedup_key }),
  ),
  tool(
    'resolve_event',
    'Resolve an event',
    'Says that the alert with this key is over. PagerDuty drops it where no alert with the key is open.',
    changes,
    ByKey,
    ({ dedup_key }, routingKey): SomeEvent => ({ routing_key: routingKey, event_action: 'resolve', dedup_key }),
  ),
  tool(
    'send_change_event',
    'Send a change event',
    'Notes a change, as a deployment, on the PagerDuty service of the integration key. It calls nobody.',
    adds,
    Change,
    ({ summary, source, custom_details = {}, links = [] }, routingKey): SomeEvent => ({
      routing_key: routingKey,
      payload: { summary, source, timestamp: new Date().toISOString(), custom_details },
      links: links.map(({ href, text }) => ({ href, text: text ?? href })),
    }),
  ),
]

function triggered(args: z.output<typeof Trigger>, routingKey: string): SomeEvent {
  const { dedup_key, links = [], summary, source, severity, component, group, custom_details = {} } = args
  const payload = { summary, source, severity, timestamp: new Date().toISOString(), custom_details }
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    ...(dedup_key !== undefined && { dedup_key }),
    payload: {
      ...payload,
      ...(component !== undefined && { component }),
      ...(group !== undefined && { group }),
      ...(args.class !== undefined && { class: args.class }),
    },
    client: 'Gatehouse',
    links: links.map(({ href, text }) => ({ href, text: text ?? href })),
  }
}

function tool<Schema extends z.ZodType>(
  name: string,
  title: string,
  description: string,
  annotations: OwnToolDefinition['annotations'],
  schema: Schema,
  bodyOf: (args: z.output<Schema>, routingKey: string) => SomeEvent,
): AdapterTool {
  const { $schema: _$schema, ...inputSchema } = z.toJSONSchema(schema, { io: 'input' })
  return {
    definition: { name, title, description, inputSchema, outputSchema, annotations },
    call: async (access, args, signal) => {
      const parsed = schema.safeParse(args)
      if (!parsed.success) return refused(z.prettifyError(parsed.error))
      return send(access, bodyOf(parsed.data, keyOf(access)), signal)
    },
  }
}

async function send(access: SystemAccess, body: SomeEvent, signal: AbortSignal): Promise<OwnToolResult> {
  const outcome = await enqueue(access, body, Date.now(), signal)
  if (outcome.kind !== 'delivered') return refused(access.redact(outcome.message))
  const known = 'event_action' in body ? body.dedup_key : undefined
  const key = outcome.dedupKey ?? known
  return { structured: { accepted: true, ...(key !== undefined && { dedup_key: key }) } }
}

function keyOf(access: SystemAccess): string {
  const key = access.secret('integration_key')
  if (key !== undefined) return key
  const message = 'There is no integration key. Set up PagerDuty again.'
  throw new AppError('authorization_required', { message, details: [{ path: 'credentials.integration_key', message }] })
}

function refused(text: string): OwnToolResult {
  return { text, isError: true }
}
