import type { Listed } from '../servers/behaviours/behaviours.ts'

/** The revisions that agents speak, newest first. */
export const REVISIONS = ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'] as const
export type Revision = (typeof REVISIONS)[number]

export interface Progress {
  progress: number
  total?: number | undefined
  message?: string | undefined
}

export interface Following {
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
}

/** Everything that reached an agent unasked, oldest first. */
export interface Heard {
  changed: Listed[]
  updated: string[]
  logs: { level: string; logger?: string | undefined; data: unknown }[]
  /** What the server asked: the words in it that carry the nonce. */
  asked: string[]
}

/** What a test makes an agent do, whichever SDK it is built on. Errors are those of the SDK; see `codeOf`. */
export interface Agent {
  /** In each of its answers. */
  readonly name: string
  readonly revision: Revision
  /** As agreed on with its peer. */
  readonly negotiated: string | undefined
  readonly serverName: string | undefined
  readonly instructions: string | undefined
  readonly heard: Heard
  /** The text of the first content. */
  call(tool: string, input?: Record<string, unknown>, following?: Following): Promise<string>
  tools: () => Promise<string[]>
  prompts: () => Promise<string[]>
  /** The text of the first message. */
  prompt(name: string, input: Record<string, string>): Promise<string>
  resources: () => Promise<string[]>
  templates(): Promise<string[]>
  read(uri: string): Promise<string>
  complete(of: { prompt: string } | { template: string }, argument: string, value: string): Promise<string[]>
  /** Resolves when the server has agreed; gives back the way out. */
  subscribe(uri: string): Promise<() => Promise<void>>
  /** From now on. Undefined: none at all, as far as the revision has a way to say so. */
  logLevel(level: 'warning' | undefined): Promise<void>
  close(): Promise<void>
}

export interface Connecting {
  name: string
  url: string
  token?: string
}

export function codeOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' ? code : undefined
}

export function newHeard(): Heard {
  return { changed: [], updated: [], logs: [], asked: [] }
}

interface Question {
  method: string
  params?: { message?: unknown; messages?: { content: unknown }[] }
}

/** How every agent answers a server: with its own name and with what it was asked. */
export function answerAs(name: string, { method, params }: Question, heard: Heard): Record<string, unknown> {
  switch (method) {
    case 'elicitation/create': {
      const message = String(params?.message)
      heard.asked.push(message)
      return { action: 'accept', content: { answer: `${name}: ${message}` } }
    }
    case 'sampling/createMessage': {
      const { text = '' } = (params?.messages?.[0]?.content ?? {}) as { text?: string }
      heard.asked.push(text)
      return { role: 'assistant', model: 'matrix', content: { type: 'text', text: `${name}: ${text}` } }
    }
    default:
      heard.asked.push(method)
      return { roots: [{ uri: `file:///${name}`, name }] }
  }
}

export function textOf(result: unknown): string {
  const { content, isError } = result as { content?: { text?: string }[]; isError?: boolean }
  const text = content?.[0]?.text ?? JSON.stringify(result)
  if (isError === true) throw new Error(text)
  return text
}

/** How long an agent waits for an answer: many at once on a busy machine take their time. */
export const PATIENCE_MS = 300_000
