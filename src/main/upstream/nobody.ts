import type { ServerRequest, UpstreamAnswer, UpstreamCaller } from './upstream.ts'

const METHOD_NOT_FOUND = -32601
/** Of a method that a server made up. */
const MAX_METHOD = 100

export function answerOf(kind: UpstreamAnswer['kind'], value: object): UpstreamAnswer {
  return { kind, bytes: Buffer.from(JSON.stringify(value)), value }
}

/** What a client says that does not know the method, or has nobody who could answer. */
export function methodNotFound(method: string): UpstreamAnswer {
  return answerOf('error', { code: METHOD_NOT_FOUND, message: `Method not found: ${method.slice(0, MAX_METHOD)}` })
}

/** Answers a server's request on behalf of nobody: there are no folders, and no one to be asked. */
export function askNobody({ method }: Pick<ServerRequest, 'method'>): Promise<UpstreamAnswer> {
  return Promise.resolve(method === 'roots/list' ? answerOf('result', { roots: [] }) : methodNotFound(method))
}

/** Calls that no agent makes, such as those of the console: a principal of their own, so that no agent is asked for them. */
export const NOBODY: UpstreamCaller = {
  ask: askNobody,
  hear: () => undefined,
  principal: {
    connectionKey: '',
    capabilities: Buffer.from('{}'),
    clientInfo: undefined,
    ask: askNobody,
    hear: () => undefined,
  },
}
