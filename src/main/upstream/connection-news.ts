/** What a server says of its lists and resources. It belongs to the connection: never to a call, however many are open. */
export const CONNECTION_NEWS: ReadonlySet<string> = new Set([
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/subscriptions/acknowledged',
])

/** Notifications that name by an id whom they concern: the one who waits for something just now may be somebody else. */
export const OWNED_BY_ID: ReadonlySet<string> = new Set([
  'notifications/tasks/status',
  'notifications/elicitation/complete',
])
