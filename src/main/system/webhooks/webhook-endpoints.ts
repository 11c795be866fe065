import type { WebhookSettings } from './format-body.ts'
import type { WebhookSecrets } from './send-webhook.ts'

/** A webhook channel of a workspace, as agents may use it. */
export interface WebhookEndpoint extends WebhookSecrets {
  name: string
  /** Neither turned off nor muted. */
  enabled: boolean
  isSigned: boolean
  settings: WebhookSettings
}

/** The webhook channels of a workspace, by name. Asked for anew with each use. */
export type WebhookEndpoints = (workspace: string) => readonly WebhookEndpoint[]
