import { z } from 'zod'
import type { OwnToolDefinition } from '../../upstream/own-tools.ts'
import { ListIncidents, ReportIncident, ReportRca, UpdateIncident } from './inputs.ts'

export const SLUG = 'gatehouse'

const Incident = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    number: { type: 'integer', description: 'As people say it: #12.' },
    status: { type: 'string', enum: ['open', 'acknowledged', 'resolved'] },
    severity: { type: 'string', enum: ['critical', 'high', 'medium', 'low', 'info'] },
    title: { type: 'string' },
    description: { type: 'string', description: 'The first part of it.' },
    service: { type: 'string' },
    source: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    dedupe_key: { type: 'string' },
    has_rca: { type: 'boolean' },
    opened_at: { type: 'string' },
    updated_at: { type: 'string' },
    event_count: { type: 'integer' },
  },
  required: ['id', 'number', 'status', 'severity', 'title'],
}
const OneIncident = { type: 'object', properties: { incident: Incident }, required: ['incident'] }

/** Each adds something to what is known and takes nothing away; none of them reaches beyond this machine by itself. */
const writes = { readOnlyHint: false, destructiveHint: false, openWorldHint: false }

/** What agents can tell of incidents. */
export const DEFINITIONS: readonly OwnToolDefinition[] = [
  {
    name: 'report_incident',
    title: 'Report an incident',
    description:
      'Report that something is wrong, so that the people who need to know are told. Report the same problem with the same ' +
      'dedupe_key: that goes on with its incident instead of opening another. What you find out later belongs into update_incident.',
    inputSchema: schemaOf(ReportIncident),
    outputSchema: {
      ...OneIncident,
      properties: { incident: Incident, is_new: { type: 'boolean', description: 'Whether this report opened it.' } },
      required: ['incident', 'is_new'],
    },
    annotations: { ...writes, idempotentHint: true },
  },
  {
    name: 'update_incident',
    title: 'Update an incident',
    description:
      'Acknowledge or resolve an incident, change its severity or texts, or add a note on what was found or done.',
    inputSchema: schemaOf(UpdateIncident),
    outputSchema: OneIncident,
    annotations: { ...writes, idempotentHint: false },
  },
  {
    name: 'report_rca',
    title: 'Report the root cause',
    description:
      'Hand in the completed root cause analysis of an incident, also of one that is resolved. It replaces an earlier one.',
    inputSchema: schemaOf(ReportRca),
    outputSchema: {
      type: 'object',
      properties: { incident: { anyOf: [Incident, { type: 'null' }] } },
      required: ['incident'],
    },
    annotations: { ...writes, idempotentHint: true },
  },
  {
    name: 'list_incidents',
    title: 'List incidents',
    description:
      'Incidents of this workspace, newest first: look here whether a problem is known before you report it.',
    inputSchema: schemaOf(ListIncidents),
    outputSchema: {
      type: 'object',
      properties: {
        incidents: { type: 'array', items: Incident },
        total: {
          type: 'integer',
          description: 'How many there are; narrow the search where it is more than were given.',
        },
      },
      required: ['incidents', 'total'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
]

function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return json
}
