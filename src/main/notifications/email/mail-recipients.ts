import type { Notice, Outgoing, Reference } from '../channel-adapter.ts'

/** Who is told to come again, by a server that took the mail for others (as one that greylists does). */
export interface Deferral {
  recipients: string[]
  /** As the server says it. */
  response: string
}

interface Rejection {
  recipient?: string | undefined
  response?: string | undefined
  responseCode?: number | undefined
}

/** Undefined: nobody is. */
export function deferralOf(rejections: readonly Rejection[] = []): Deferral | undefined {
  const deferred = rejections.filter(({ responseCode = 500 }) => responseCode < 500)
  const recipients = deferred.flatMap(({ recipient }) => recipient ?? [])
  return recipients.length === 0 ? undefined : { recipients, response: deferred[0]?.response ?? '' }
}

/** Who has not got this notice yet: at another attempt those alone that were told to come again. */
export function recipientsOf(all: readonly string[], { id }: Notice, references: Outgoing['references']): string[] {
  for (const { notice, waiting } of references.values()) {
    if (notice === id && Array.isArray(waiting)) return waiting.filter((one) => typeof one === 'string')
  }
  return [...all]
}

/** Later mails refer to the first one about their incident; another attempt goes to whom this one did not reach. */
export function mailReferences(
  { id: notice, incidents }: Notice,
  known: Outgoing['references'],
  { messageId, waiting }: { messageId: string; waiting?: readonly string[] | undefined },
): ReadonlyMap<string, Reference> {
  const told = waiting === undefined ? incidents.filter(({ id }) => !known.has(id)) : incidents
  const first = (id: string) => known.get(id)?.message_id ?? messageId
  return new Map(told.map(({ id }) => [id, { message_id: first(id), ...(waiting && { notice, waiting }) }]))
}
