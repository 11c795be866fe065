import type { WebhookEndpoint } from '../../notifications/webhook-endpoints.ts'

export type { WebhookEndpoint }

/** The webhook channels of a workspace, by name. Asked for anew with each use. */
export type WebhookEndpoints = (workspace: string) => readonly WebhookEndpoint[]
