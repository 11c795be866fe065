import type { ChannelSettings } from '../../../shared/contract/channels.ts'
import type { WebhookMessage } from './message.ts'
import { renderTemplate, TEMPLATE_TYPE } from './render-template.ts'

export type WebhookSettings = Extract<ChannelSettings, { kind: 'webhook' }>['webhook']

/** Of types in CloudEvents, and of templates' `type` too: receivers tell ours from others by it. */
const TYPE_PREFIX = 'dev.gatehouse.'

export interface FormattedBody {
  contentType: string
  body: string
}

/** The body in the format of the channel. Rejects with AppError `invalid_input` for a template alone. */
export async function formatBody(settings: WebhookSettings, message: WebhookMessage): Promise<FormattedBody> {
  const { id, type, timestamp, data } = message
  switch (settings.format) {
    case 'json':
      return { contentType: 'application/json', body: JSON.stringify({ id, type, timestamp, data }) }
    case 'cloudevents':
      return { contentType: 'application/cloudevents+json', body: JSON.stringify(cloudEvent(message)) }
    case 'slack':
      return { contentType: 'application/json', body: JSON.stringify(message.slack()) }
    case 'template': {
      const contentType = settings.content_type ?? TEMPLATE_TYPE
      // As JSON has it: no undefined, nothing but data.
      const view = JSON.parse(
        JSON.stringify({ ...message.view(), id, type, timestamp, workspace: message.workspace, data }),
      ) as Record<string, unknown>
      return { contentType, body: await renderTemplate(settings.template ?? '', view, contentType) }
    }
  }
}

/** CloudEvents 1.0, structured mode. Two events of one source never have the same id. */
function cloudEvent({ id, type, timestamp, workspace, about, data }: WebhookMessage): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source: `/gatehouse/workspaces/${encodeURIComponent(workspace)}`,
    type: TYPE_PREFIX + type,
    ...(about !== undefined && { subject: about }),
    time: timestamp,
    datacontenttype: 'application/json',
    data,
  }
}
