import { z } from 'zod'
import { isObject } from '../../base/is-object.ts'
import type { SystemAccess, SystemAnswer } from '../system-adapter.ts'
import { foreignAnswer, noAnswer, refusal } from './answer-problem.ts'
import { PrometheusProblem } from './prometheus-problem.ts'

/** What the API gave. */
export interface PrometheusAnswer<Data> {
  data: Data
  /** Some of what it should be made of was not there (Thanos' partial response, VictoriaMetrics' `isPartial`): what is missing is not gone. */
  isPartial: boolean
  warnings: string[]
}

export interface VectorSample {
  labels: Record<string, string>
  /** Milliseconds since 1970, by the server's clock. */
  at: number
  value: number
}

/** Queries up to here go as GET: some proxies let nothing else through. Longer ones would not fit into a URL. */
const MOST_IN_URL = 1_500
const REQUEST_MS = 15_000
const MOST_WARNINGS = 5

const Labels = z.record(z.string(), z.string())
const Value = z.tuple([z.number(), z.string()])
const QueryData = z.discriminatedUnion('resultType', [
  // A native histogram has no value.
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: Labels, value: Value.optional() })) }),
  z.object({ resultType: z.literal('scalar'), result: Value }),
  z.object({ resultType: z.literal('string'), result: z.unknown() }),
  z.object({ resultType: z.literal('matrix'), result: z.unknown() }),
])

/** The HTTP API of Prometheus, as it and those that are like it have it (prometheus.io/docs/prometheus/latest/querying/api). */
export class PrometheusApi {
  readonly #access: SystemAccess
  readonly #timeoutMs: number

  constructor(access: SystemAccess, { timeoutMs = REQUEST_MS } = {}) {
    this.#access = access
    this.#timeoutMs = timeoutMs
  }

  /** The members of the result of an instant query, at the server's now. Throws PrometheusProblem. */
  async query(query: string, signal: AbortSignal): Promise<PrometheusAnswer<VectorSample[]>> {
    const form = [['query', query]] as const
    const { data, ...rest } = await this.#ask(
      query.length > MOST_IN_URL
        ? { method: 'POST', path: '/api/v1/query', form }
        : { method: 'GET', path: '/api/v1/query', query: form },
      signal,
    )
    return { data: samplesOf(readable(QueryData, data)), ...rest }
  }

  /** What is below `/api/v1/`, `status/buildinfo` for example, as `schema` knows it. Throws PrometheusProblem. */
  async get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    signal: AbortSignal,
    query: readonly (readonly [string, string])[] = [],
  ): Promise<PrometheusAnswer<z.output<Schema>>> {
    const { data, ...rest } = await this.#ask({ method: 'GET', path: `/api/v1/${path}`, query }, signal)
    return { data: readable(schema, data), ...rest }
  }

  async #ask(request: Parameters<SystemAccess['request']>[0], signal: AbortSignal): Promise<PrometheusAnswer<unknown>> {
    const answer = await this.#send(request, signal)
    const problem = foreignAnswer(answer, this.#access)
    if (problem !== undefined) throw problem
    const body = answer.body as Record<string, unknown>
    if (body.status !== 'success') throw refusal(answer, body, this.#access)
    const warnings = textsOf(body.warnings)
    return { data: body.data, warnings, isPartial: body.isPartial === true || warnings.length > 0 }
  }

  async #send(request: Parameters<SystemAccess['request']>[0], signal: AbortSignal): Promise<SystemAnswer> {
    try {
      return await this.#access.request({ timeoutMs: this.#timeoutMs, ...request }, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw noAnswer(error)
    }
  }
}

function readable<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new PrometheusProblem('failing', 'The server gave an answer in another form than Prometheus does.', {
    cause: parsed.error,
  })
}

function samplesOf(data: z.output<typeof QueryData>): VectorSample[] {
  const sample = (labels: Record<string, string>, [at, value]: [number, string]) => ({
    labels,
    at: Math.round(at * 1000),
    value: numberOf(value),
  })
  if (data.resultType === 'vector') return numbersOf(data.result).map(({ metric, value }) => sample(metric, value))
  if (data.resultType === 'scalar') return [sample({}, data.result)]
  throw new PrometheusProblem(
    'refused',
    `The query gives a ${data.resultType === 'matrix' ? 'range of values' : 'text'} for each series, not one number.`,
    { fix: 'Use a function such as rate() or last_over_time() around a range.' },
  )
}

/** Throws where there are histograms and no number. */
function numbersOf(
  result: readonly { metric: Record<string, string>; value?: [number, string] | undefined }[],
): { metric: Record<string, string>; value: [number, string] }[] {
  const numbers = result.flatMap(({ metric, value }) => (value === undefined ? [] : [{ metric, value }]))
  if (numbers.length > 0 || result.length === 0) return numbers
  throw new PrometheusProblem('refused', 'The query gives a histogram for each series, not one number.', {
    fix: 'Use histogram_quantile(), histogram_count() or histogram_avg() around it.',
  })
}

/** `+Inf`, `-Inf` and `NaN` are how Prometheus writes what JSON has no number for. */
function numberOf(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Infinity
  return text === '-Inf' ? -Infinity : Number(text)
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return isObject(value) ? [JSON.stringify(value)] : []
  return value.filter((item) => typeof item === 'string').slice(0, MOST_WARNINGS)
}
