import { z } from 'zod'
import type { OwnToolDefinition, OwnToolResult } from '../../upstream/own-tools.ts'
import type { AdapterTool, SystemAccess } from '../system-adapter.ts'
import { PrometheusApi } from './prometheus-api.ts'
import { PrometheusProblem } from './prometheus-problem.ts'

/** As a description says it, too. */
const MOST_NAMES = 2_000
const MOST_TARGETS = 500

const readOnly = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }
const time = { type: ['string', 'number'] }
const texts = { type: 'array', items: { type: 'string' } }

const labelsDefinition: OwnToolDefinition = {
  name: 'labels',
  title: 'Labels',
  description:
    'Names of labels, or with label the values of one, in alphabetical order; at most 2,000 are given. Narrow them with match.',
  inputSchema: {
    type: 'object',
    properties: {
      label: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'Name of a label whose values are wanted. Left out: the names of all labels.',
      },
      match: {
        ...texts,
        maxItems: 50,
        description: 'Only of series that one of these selectors fits, for example up{job="node"}.',
      },
      start: {
        ...time,
        description: 'Only of samples after this: RFC 3339 or seconds since 1970. Left out: the server decides.',
      },
      end: { ...time, description: 'Only of samples before this: RFC 3339 or seconds since 1970.' },
      limit: { type: 'integer', minimum: 1, maximum: MOST_NAMES, description: 'At most so many.' },
    },
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      label: { type: ['string', 'null'], description: 'Whose values these are; null: these are names of labels.' },
      items: texts,
      total: { type: 'integer', description: 'How many there are with those that were left out.' },
      warnings: texts,
    },
    required: ['label', 'items', 'total', 'warnings'],
  },
  annotations: readOnly,
}

const targetsDefinition: OwnToolDefinition = {
  name: 'targets',
  title: 'Scrape targets',
  description: `Targets that are scraped: labels, address, health (up, down, unknown), last error, last scrape and how long it took. Those that are down come first; at most ${MOST_TARGETS} are given, and all are counted.`,
  inputSchema: {
    type: 'object',
    properties: {
      health: { type: 'string', enum: ['up', 'down', 'unknown'], description: 'Only those. Left out: all.' },
      job: { type: 'string', minLength: 1, maxLength: 500, description: 'Only targets with this label job.' },
      limit: { type: 'integer', minimum: 1, maximum: MOST_TARGETS, description: 'At most so many.' },
    },
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      targets: { type: 'array', items: { type: 'object' } },
      up: { type: 'integer' },
      down: { type: 'integer' },
      unknown: { type: 'integer' },
      warnings: texts,
    },
    required: ['targets', 'up', 'down', 'unknown', 'warnings'],
  },
  annotations: readOnly,
}

const LabelsInput = z.object({
  label: z.string().optional(),
  match: z.array(z.string()).default([]),
  start: z.union([z.string(), z.number()]).optional(),
  end: z.union([z.string(), z.number()]).optional(),
  limit: z.int().min(1).max(MOST_NAMES).default(MOST_NAMES),
})
const TargetsInput = z.object({
  health: z.enum(['up', 'down', 'unknown']).optional(),
  job: z.string().optional(),
  limit: z.int().min(1).max(MOST_TARGETS).default(MOST_TARGETS),
})

const Target = z.object({
  labels: z.record(z.string(), z.string()).catch({}),
  scrapeUrl: z.string().catch(''),
  health: z.enum(['up', 'down', 'unknown']).catch('unknown'),
  lastError: z.string().catch(''),
  lastScrape: z.string().catch(''),
  lastScrapeDuration: z.number().catch(0),
})
export const Targets = z.object({ activeTargets: z.array(Target).nullable().catch([]) })
export type Target = z.output<typeof Target>

/** The tools that a mapping can not be: one asks at two addresses, the other leaves out what discovery found. */
export const prometheusTools: readonly AdapterTool[] = [
  { definition: labelsDefinition, call: (...call) => saying(labels, ...call) },
  { definition: targetsDefinition, call: (...call) => saying(targets, ...call) },
]

async function labels(access: SystemAccess, args: unknown, signal: AbortSignal): Promise<OwnToolResult> {
  const { label, match, start, end, limit } = LabelsInput.parse(args)
  const query = [
    ...match.map((selector) => ['match[]', selector] as const),
    ...(start === undefined ? [] : [['start', String(start)] as const]),
    ...(end === undefined ? [] : [['end', String(end)] as const]),
  ]
  const path = label === undefined ? 'labels' : `label/${labelInPath(label)}/values`
  const { data, warnings } = await new PrometheusApi(access).get(path, z.array(z.string()).nullable(), signal, query)
  const items = data ?? []
  return { structured: { label: label ?? null, items: items.slice(0, limit), total: items.length, warnings } }
}

async function targets(access: SystemAccess, args: unknown, signal: AbortSignal): Promise<OwnToolResult> {
  const { health, job, limit } = TargetsInput.parse(args)
  const { data, warnings } = await new PrometheusApi(access).get('targets', Targets, signal, [['state', 'active']])
  const wanted = (data.activeTargets ?? []).filter((target) => job === undefined || target.labels.job === job)
  const of = (state: Target['health']) => wanted.filter((target) => target.health === state)
  const [down, unknown, up] = [of('down'), of('unknown'), of('up')]
  const shown = health === undefined ? [...down, ...unknown, ...up] : of(health)
  return {
    structured: {
      targets: shown.slice(0, limit),
      up: up.length,
      down: down.length,
      unknown: unknown.length,
      warnings,
    },
  }
}

/** A name with other characters than usual is written as Prometheus 3 wants it (UTF-8 names): `U__`, and `_<hex>_` for each. */
function labelInPath(label: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) return label
  const escaped = Array.from(label, (character) => {
    if (character === '_') return '__'
    return /[a-zA-Z0-9]/.test(character) ? character : `_${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}_`
  })
  return `U__${escaped.join('')}`
}

/** A refusal is for the agent, which may ask otherwise; where the server is not to be had, that is the gateway's to tell. */
async function saying(
  call: AdapterTool['call'],
  access: SystemAccess,
  args: Record<string, unknown>,
  signal: AbortSignal,
): Promise<OwnToolResult> {
  try {
    return await call(access, args, signal)
  } catch (error) {
    if (!(error instanceof PrometheusProblem)) throw error
    if (error.kind === 'unreachable' && error.cause instanceof Error) throw error.cause
    const text = error.fix === null ? error.message : `${error.message} ${error.fix}`
    return { text, isError: true }
  }
}
