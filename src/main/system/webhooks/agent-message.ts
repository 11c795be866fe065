import { cut } from '../../notifications/messages/text.ts'
import type { WebhookMessage } from './message.ts'
import { slackEscaped } from './slack-body.ts'

const MAX_TEXT = 3_900

export interface AgentEvent {
  id: string
  /** As the agent calls it. */
  type: string
  timestamp: string
  workspace: string
  data: Record<string, unknown>
}

/** Agents say what they want, but nothing that a receiver could take for an incident of Gatehouse. */
const TYPE_PREFIX = 'agent.'

/** What an agent sends, in the forms that notices have. */
export function agentMessage({ id, type, timestamp, workspace, data }: AgentEvent): WebhookMessage {
  const said = typeof data.text === 'string' ? data.text : JSON.stringify(data)
  const text = cut(`${type}: ${said}`, MAX_TEXT)
  const named = TYPE_PREFIX + type
  return {
    id,
    type: named,
    timestamp,
    workspace,
    about: undefined,
    data: { ...data, workspace },
    // What templates of notices ask for is there, and empty.
    view: () => ({
      title: type,
      text,
      action: 'agent',
      severity: 'info',
      status: '',
      service: '',
      source: '',
      test: false,
      incidents: [],
      rules: [],
    }),
    text,
    slack: () => ({ text: slackEscaped(text) }),
  }
}
