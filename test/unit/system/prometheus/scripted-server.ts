import type { SystemAccess, SystemAnswer, SystemRequest } from '../../../../src/main/system/system-adapter.ts'

type Reply = SystemAnswer | Error | { data: unknown; more?: Record<string, unknown> }
/** What is asked, `query <PromQL>` or a path below `/api/v1/`, and what is answered. */
export type Script = Record<string, Reply | (() => Reply)>

/** A Prometheus that knows what its script says, and answers 404 to the rest as one that lacks it does. */
export class ScriptedServer {
  readonly asked: string[] = []
  script: Script

  constructor(script: Script) {
    this.script = script
  }

  access(values: Record<string, unknown> = {}): SystemAccess {
    return {
      workspace: 'default',
      name: 'prometheus',
      way: 'endpoint',
      baseUrl: 'http://prometheus.test:9090',
      values,
      secret: () => undefined,
      authorization: () => Promise.resolve(undefined),
      request: (request) => Promise.resolve().then(() => this.#answer(request)),
      redact: (text) => text.replaceAll('s3cret-token', '••••'),
    }
  }

  #answer({ path, query = [], form = [] }: SystemRequest): SystemAnswer {
    const below = path.replace('/api/v1/', '')
    const promql = [...query, ...form].find(([name]) => name === 'query')?.[1]
    const what = below === 'query' && promql !== undefined ? `query ${promql}` : below
    this.asked.push(what)
    const found = this.script[what] ?? this.script[what.split(' ')[0] ?? '']
    const reply = typeof found === 'function' ? found() : (found ?? answer(404, '404 page not found\n', 'text/plain'))
    if (reply instanceof Error) throw reply
    if ('status' in reply) return reply
    return answer(200, { status: 'success', data: reply.data, ...reply.more })
  }
}

export function answer(status: number, body: unknown, type = 'application/json'): SystemAnswer {
  return { status, headers: new Map([['content-type', type]]), body }
}

/** The data of an instant query. */
export function vector(...samples: [labels: Record<string, string>, value: number | string, atSeconds?: number][]) {
  return {
    data: {
      resultType: 'vector',
      result: samples.map(([metric, value, at = 1_800_000_000]) => ({ metric, value: [at, String(value)] })),
    },
  }
}
