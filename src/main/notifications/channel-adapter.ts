import type { ChannelKind, ChannelSettings, ChannelTest, MessagePreview } from '../../shared/contract/channels.ts'
import type { DeliveryAttempt, NoticeAction } from '../../shared/contract/deliveries.ts'
import type { Incident, IncidentEvent } from '../../shared/contract/incidents.ts'

/** What is told: the same for every channel, whatever it makes of it. Texts in it come from agents and alerts: data, never markup. */
export interface Notice {
  /** Of the delivery: the same in every attempt. */
  id: string
  action: NoticeAction
  workspace: string
  /** Whether somebody only tries a channel or rule. */
  isTest: boolean
  /** One line. */
  title: string
  severity: Incident['severity']
  /** As they are now, the worst first; at most 20, `more` counts the rest. Empty with action `notice`. */
  incidents: readonly Incident[]
  more: number
  /** The newest event that it is about. */
  event: IncidentEvent
  /** Names of the rules that wanted it. */
  rules: readonly string[]
  /** Where the incident, or the list of them, can be seen; null: there is no console to link to. */
  url: string | null
}

/** What an adapter wants to be given again with later words on the same incident: a thread, a message id. JSON. */
export type Reference = Readonly<Record<string, unknown>>

export interface Outgoing {
  notice: Notice
  settings: ChannelSettings
  /** A secret of the channel by its place: `signing_secret`, `password`, `headers.X-Key`. Throws `vault_locked`. */
  secret(field: string): string | undefined
  /** Names of its secret headers. */
  secretHeaders: readonly string[]
  /** By incident id, of those of `notice.incidents` that this channel was told of. */
  references: ReadonlyMap<string, Reference>
  /** 1 for the first. */
  attempt: number
  /** When the delivery was made, for what signs with a time. */
  createdAt: string
}

/** What went over the wire; the sender masks secrets in it and cuts it. */
export type Exchange = Pick<DeliveryAttempt, 'request' | 'answer'>

/**
 * How an attempt ended. `retry`: it may work later. `rejected`: the same would be refused again; the next one may pass.
 * `broken`: nothing gets through until somebody mends the channel (a revoked token, an archived channel); then the same may.
 * `gone`: the place asks to be left alone for good (HTTP 410).
 */
export type SendOutcome =
  | { kind: 'delivered'; exchanges: readonly Exchange[]; references?: ReadonlyMap<string, Reference> }
  | {
      kind: 'retry' | 'rejected' | 'broken' | 'gone'
      code: string
      /** For a person: what happened and what to do. */
      message: string
      /** How long the service wants to be left alone. */
      retryAfterMs?: number | undefined
      exchanges: readonly Exchange[]
      /** Of the part that did get through. */
      references?: ReadonlyMap<string, Reference>
    }

/** One kind of channel. Has no state but connections; one instance serves all workspaces. */
export interface ChannelAdapter {
  readonly kind: ChannelKind
  /** Least time between two messages to one channel, in milliseconds. 0: none. */
  readonly paceMs: number
  /** Longest time of one attempt, in milliseconds. */
  readonly timeoutMs: number
  /** For a person: `#ops`. */
  destination(settings: ChannelSettings): string
  /** Why nothing can be sent in this workspace at the moment; undefined: it can. */
  unready(workspace: string, settings: ChannelSettings): { code: string; message: string } | undefined
  /** One attempt. Does not throw for anything that the other side does. */
  send(outgoing: Outgoing, signal: AbortSignal): Promise<SendOutcome>
  /** What would be sent. Does no work that can fail but for a template, which rejects with AppError `invalid_input`. */
  preview(outgoing: Omit<Outgoing, 'secret' | 'attempt'>): MessagePreview | Promise<MessagePreview>
  /**
   * What is wrong with settings beyond their schema, before they are stored: a template that can not be read, an address
   * that nothing is sent to. Throws AppError `invalid_input` with the field. Left out: nothing can be.
   */
  check?(settings: ChannelSettings): void
  /** More than sending one notice, where a test needs more: PagerDuty triggers and resolves. Left out: `send` is enough. */
  test?(outgoing: Outgoing, signal: AbortSignal): Promise<Omit<ChannelTest, 'duration_ms'>>
  /** Where a secret that is given now for a channel of this workspace goes, where its settings do not say it. */
  placeOfSecrets?(workspace: string): string | undefined
  close(): Promise<void>
}
