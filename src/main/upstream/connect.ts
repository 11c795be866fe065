import { AppError } from '../base/app-error.ts'
import type { EraSetting } from '../../shared/contract/integrations.ts'
import type { Connector } from './connector.ts'
import { Conversation, type ConversationOptions } from './conversation.ts'
import { HttpStatusError } from './http-errors.ts'
import type { UpstreamLimits } from './limits.ts'
import type { ClientInfo } from './modern-meta.ts'
import { discover, initialize, type Declared, type DiscoverVerdict, type Opening } from './negotiate.ts'

export interface ConnectOptions extends Pick<ConversationOptions, 'onNotification' | 'onRequest' | 'onAmbiguous'> {
  client: ClientInfo
  /** What is told of the client. Undefined: that of a connection which all agents share. */
  declared?: Declared | undefined
  limits: UpstreamLimits
  /** `auto` probes. */
  era: EraSetting
  signal: AbortSignal
}

export interface Connected {
  conversation: Conversation
  opening: Opening
}

/**
 * Opens a conversation in the newest era that the server speaks. `server/discover` goes first; what follows depends on
 * the answer, because a server takes its era from the first message that it understands:
 * a plain "no such method" lets `initialize` follow in the same connection, anything stranger needs a fresh one.
 */
export async function connect(connector: Connector, options: ConnectOptions): Promise<Connected> {
  const { limits, client, declared } = options
  // Whoever speaks HTTP+SSE does not speak 2026-07-28: there is nothing to probe for.
  const era = connector.kind === 'sse' ? 'legacy' : options.era
  const startedAt = performance.now()
  const deadline = startedAt + limits.startTimeoutMs
  const within = (timeoutMs: number) => ({
    timeoutMs: Math.max(1, Math.min(timeoutMs, deadline - performance.now())),
    signal: options.signal,
  })
  const { onNotification, onRequest, onAmbiguous } = options
  const conversationOptions = {
    onNotification,
    ...(onRequest && { onRequest }),
    ...(onAmbiguous && { onAmbiguous }),
    filter: connector.filter,
    maxMessageBytes: limits.maxMessageBytes,
  }
  const open = () => {
    const transport = connector.open()
    return { transport, conversation: new Conversation(transport, conversationOptions) }
  }
  const answerMs = connector.kind === 'stdio' ? limits.startTimeoutMs : limits.connectTimeoutMs
  let current = open()
  try {
    if (era !== 'legacy') {
      const probeMs = connector.kind === 'stdio' && era === 'auto' ? limits.probeTimeoutMs : answerMs
      const verdict = await probe(connector, era, () =>
        discover(current.conversation, client, declared, within(probeMs)),
      )
      if (verdict.kind === 'modern') return { conversation: current.conversation, opening: verdict.opening }
      if (verdict.kind === 'failed') throw verdict.error
      if (era === 'modern') throw notModern()
      if (verdict.kind === 'unclear') {
        await current.conversation.close()
        current = open()
      }
    }
    return {
      conversation: current.conversation,
      opening: await initialize(current.conversation, client, declared, within(answerMs)),
    }
  } catch (error) {
    await current.conversation.close()
    const isLate = error instanceof AppError && error.code === 'upstream_timeout'
    throw connector.filter.error(isLate ? current.transport.silence(performance.now() - startedAt) : error)
  }
}

/** A failed probe is evidence of an older server in some cases, and just a failure in the others. */
async function probe(
  connector: Connector,
  era: EraSetting,
  ask: () => Promise<DiscoverVerdict>,
): Promise<DiscoverVerdict> {
  try {
    return await ask()
  } catch (error) {
    if (era !== 'auto' || !(error instanceof AppError)) throw error
    if (connector.kind === 'stdio') return { kind: 'unclear' } // silence, or it left (rmcp does)
    // An authorization that is missing or a server in trouble says nothing about the era.
    if (error.cause instanceof HttpStatusError && error.cause.isAboutTheRequest) return { kind: 'legacy' }
    throw error
  }
}

function notModern(): AppError {
  return new AppError('upstream_invalid', {
    message: 'The server does not speak MCP 2026-07-28. Set the protocol era to auto or legacy.',
  })
}
