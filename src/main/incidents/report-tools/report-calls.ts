import type { z } from 'zod'
import type { Incident } from '../../../shared/contract/incidents.ts'
import { AppError } from '../../base/app-error.ts'
import { issueDetails } from '../../base/issue-details.ts'
import type { OwnToolResult } from '../../upstream/own-tools.ts'
import { unknownIncident } from '../incident-book.ts'
import type { IncidentsService } from '../service.ts'
import { ListIncidents, ReportIncident, ReportRca, UpdateIncident } from './inputs.ts'
import type { ReportRate } from './report-rate.ts'

interface ReportCallsOptions {
  incidents: Pick<IncidentsService, 'tell' | 'act' | 'get' | 'list' | 'find'>
  rates: { reports: ReportRate; reads: ReportRate }
}

/** Who calls: an agent by its name, or the admin by hand. */
export interface Reporter {
  workspace: string
  agent: string | null
}

const MOST_DESCRIBED = 500
/** Fifty incidents with all of their labels would be more than any model reads. */
const MOST_LABEL = 300

/** What the tools do. Everything that goes wrong is told in the result: the model that called can act on it. */
export class ReportCalls {
  readonly #options: ReportCallsOptions

  constructor(options: ReportCallsOptions) {
    this.#options = options
  }

  /** Undefined: there is no such tool. */
  async call(reporter: Reporter, tool: string, args: unknown): Promise<OwnToolResult | undefined> {
    try {
      switch (tool) {
        case 'report_incident':
          return await this.#report(reporter, args)
        case 'update_incident':
          return await this.#update(reporter, args)
        case 'report_rca':
          return await this.#reportRca(reporter, args)
        case 'list_incidents':
          return await this.#list(reporter, args)
        default:
          return undefined
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return failed(error)
    }
  }

  async #report(reporter: Reporter, args: unknown): Promise<OwnToolResult> {
    const { source, ...given } = read(ReportIncident, args)
    this.#spend(reporter)
    const { workspace, agent } = reporter
    const input = {
      ...given,
      type: 'incident',
      status: 'open',
      source: source === '' ? (agent ?? '') : source,
    } as const
    const [event] = await this.#options.incidents.tell(workspace, [{ input, ...originOf(reporter) }])
    const incident = await this.#options.incidents.get(workspace, event?.incident_id ?? '')
    return { structured: { incident: brief(incident), is_new: incident.event_count === 1 } }
  }

  async #update(reporter: Reporter, args: unknown): Promise<OwnToolResult> {
    const { incident: reference, ...changes } = read(UpdateIncident, args)
    if (Object.values(changes).every((value) => value === undefined)) {
      throw new AppError('invalid_input', {
        message: 'Say what to change: status, severity, title, description or note.',
      })
    }
    const { id } = await this.#require(reporter, reference)
    this.#spend(reporter)
    await this.#options.incidents.act(reporter.workspace, { incidentId: id, ...originOf(reporter), ...changes })
    return { structured: { incident: brief(await this.#options.incidents.get(reporter.workspace, id)) } }
  }

  async #reportRca(reporter: Reporter, args: unknown): Promise<OwnToolResult> {
    const { incident: reference, title, service, rca } = read(ReportRca, args)
    const { incidents } = this.#options
    if (reference !== undefined) {
      const { id } = await this.#require(reporter, reference)
      this.#spend(reporter)
      await incidents.act(reporter.workspace, { incidentId: id, ...originOf(reporter), rca })
      return { structured: { incident: brief(await incidents.get(reporter.workspace, id)) } }
    }
    if (title === undefined) {
      throw new AppError('invalid_input', { message: 'Name the incident, or give the report a title.' })
    }
    this.#spend(reporter)
    const about = { title, service, source: reporter.agent ?? '', description: '', labels: {}, links: [] }
    const input = { ...about, type: 'rca_completed', severity: 'medium', status: 'open', rca } as const
    const [event] = await incidents.tell(reporter.workspace, [{ input, ...originOf(reporter) }])
    const id = event?.incident_id ?? null
    return { structured: { incident: id === null ? null : brief(await incidents.get(reporter.workspace, id)) } }
  }

  async #list({ workspace, agent }: Reporter, args: unknown): Promise<OwnToolResult> {
    const { limit, ...filter } = read(ListIncidents, args)
    const seconds = agent === null ? undefined : this.#options.rates.reads.take(`${workspace} ${agent}`)
    if (seconds !== undefined) {
      const message = `Too many searches in a minute. Call again in ${seconds} s.`
      throw new AppError('rate_limited', { message })
    }
    const { items, total } = await this.#options.incidents.list(workspace, filter, { limit })
    return { structured: { incidents: items.map(brief), total } }
  }

  async #require({ workspace }: Reporter, reference: string): Promise<Incident> {
    const incident = await this.#options.incidents.find(workspace, reference)
    if (incident === undefined) throw unknownIncident()
    return incident
  }

  /** Throws `rate_limited`. A person is not held up. */
  #spend({ workspace, agent }: Reporter): void {
    const seconds = agent === null ? undefined : this.#options.rates.reports.take(`${workspace} ${agent}`)
    if (seconds === undefined) return
    const message =
      `Too many reports in a minute: nothing was taken. Call again in ${seconds} s. ` +
      'What belongs to one problem belongs into one incident: use the same dedupe_key, or update_incident with a note.'
    throw new AppError('rate_limited', { message })
  }
}

function originOf({ agent }: Reporter) {
  return agent === null ? ({ origin: 'console', toldBy: null } as const) : ({ origin: 'agent', toldBy: agent } as const)
}

/** Throws `invalid_input` with each argument that is wrong. */
function read<Schema extends z.ZodType>(schema: Schema, args: unknown): z.output<Schema> {
  const parsed = schema.safeParse(args ?? {})
  if (parsed.success) return parsed.data
  throw new AppError('invalid_input', {
    message: 'These arguments do not fit. Nothing was taken. Correct them and call again:',
    details: issueDetails(parsed.error.issues),
  })
}

function failed({ message, details }: AppError): OwnToolResult {
  const lines = details
    .filter((detail) => detail.message !== message)
    .map((detail) => `${detail.path}: ${detail.message}`)
  return { text: [message, ...lines].join('\n'), isError: true }
}

function brief(incident: Incident): Record<string, unknown> {
  const { id, number, status, severity, title, description, service, source, labels, dedupe_key, rca } = incident
  const { opened_at, updated_at, event_count } = incident
  return {
    id,
    number,
    status,
    severity,
    title,
    description: cut(description, MOST_DESCRIBED),
    service,
    source,
    labels: Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, cut(value, MOST_LABEL)])),
    dedupe_key,
    has_rca: rca !== null,
    opened_at,
    updated_at,
    event_count,
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
