import type { SendMailOptions } from 'nodemailer'
import type { ChannelSettings } from '../../../shared/contract/channels.ts'
import type { Notice, Outgoing } from '../channel-adapter.ts'
import { plainText } from '../messages/plain-text.ts'
import { subject } from '../messages/subject.ts'
import { oneLine } from '../messages/text.ts'
import { mailHtml } from './mail-html.ts'

export type EmailSettings = Extract<ChannelSettings, { kind: 'email' }>['email']

const MAX_REFERENCES = 20
const NO_DOMAIN = 'gatehouse.invalid'

/** Everything that is given to the mail library, with its id in the open for what comes later. */
export interface MailMessage extends SendMailOptions {
  messageId: string
  subject: string
  text: string
  html: string
  to: string[]
  references: string[]
}

/** The mail of a notice. Its id is the delivery's: a server that gets it twice can tell. */
export function mailMessage(
  { from, from_name, to }: EmailSettings,
  notice: Notice,
  references: Outgoing['references'],
  date: Date,
): MailMessage {
  const messageId = messageIdOf(notice, from)
  // Where this is another attempt at the first one, that is no earlier mail.
  const earlier = firstMails(notice, references).filter((id) => id !== messageId)
  const [first] = earlier
  return {
    from: { name: oneLine(from_name, 100), address: from },
    to: [...to],
    subject: subject(notice),
    text: plainText(notice),
    html: mailHtml(notice),
    messageId,
    date,
    references: earlier,
    ...(first !== undefined && { inReplyTo: first }),
    headers: {
      // No program answers it, and none takes it for a list (RFC 3834, 5).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
  }
}

function messageIdOf({ id }: Pick<Notice, 'id'>, from: string): string {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return `<${id}@${/^[A-Za-z0-9.-]+$/.test(domain) ? domain : NO_DOMAIN}>`
}

/** The first mails about its incidents, so that mail programs show what followed below them. */
function firstMails({ incidents }: Notice, references: Outgoing['references']): string[] {
  const ids = incidents.flatMap(({ id }) => references.get(id)?.message_id ?? [])
  const valid = ids.filter((id): id is string => typeof id === 'string' && /^<[^<>\s]+>$/.test(id))
  return [...new Set(valid)].slice(0, MAX_REFERENCES)
}
