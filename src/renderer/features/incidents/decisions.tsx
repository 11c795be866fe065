import { Link } from '@tanstack/react-router'
import { Bell, BellOff, Check, X } from 'lucide-react'
import type { RuleDecision } from '../../../shared/contract/incidents.ts'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { withLocalTimes } from '../../ui/words.ts'
import { outcomeWords } from './told.ts'

/** What each rule made of an event, with the condition that decided. */
export function Decisions({ decisions }: { decisions: readonly RuleDecision[] }) {
  if (decisions.length === 0) {
    return (
      <p className="mt-1 rounded-panel bg-sunken px-3 py-2 text-muted">
        There was no rule then, so nobody was told.{' '}
        <Link to="/notifications/rules" className="text-accent underline underline-offset-2">
          Notification rules
        </Link>
      </p>
    )
  }
  // What matched is what one looks for; both are in the order of the rules.
  const ordered = [...decisions.filter(({ matched }) => matched), ...decisions.filter(({ matched }) => !matched)]
  return (
    <ul aria-label="Decisions of the rules" className="mt-1 flex flex-col gap-2 rounded-panel bg-sunken px-3 py-2">
      {ordered.map((decision) => (
        <li key={decision.rule_id}>
          <Decision decision={decision} />
        </li>
      ))}
    </ul>
  )
}

/** `isReal`: it was made, so that what it led to can be looked at. */
export function Decision({ decision, isReal = true }: { decision: RuleDecision; isReal?: boolean }) {
  const { rule_name: name, matched, because, channels } = decision
  const Icon = matched ? Check : X
  return (
    <>
      <p className="flex items-start gap-1.5">
        <Icon
          size={14}
          strokeWidth={1.75}
          aria-hidden
          className={classes('mt-0.75 flex-none', matched ? 'text-ok' : 'text-muted')}
        />
        <span className="min-w-0">
          <ForeignText className="font-medium">{name}</ForeignText>{' '}
          <span className="text-muted">{matched ? 'matched' : 'did not match'}</span>
          {because !== '' && (
            <>
              <span className="text-muted">: </span>
              <ForeignText className="text-muted">{withLocalTimes(because)}</ForeignText>
            </>
          )}
        </span>
      </p>
      {matched && channels.length === 0 && <p className="pl-5 text-muted">It has no channel.</p>}
      {channels.map((channel) => {
        const { word, told } = outcomeWords[channel.outcome]
        const Bellish = told ? Bell : BellOff
        return (
          <p key={channel.channel_id} className="flex items-start gap-1.5 pl-5">
            <Bellish
              size={14}
              strokeWidth={1.75}
              aria-hidden
              className={classes('mt-0.75 flex-none', told ? 'text-ok' : 'text-muted')}
            />
            <span className="min-w-0">
              <ForeignText>{channel.channel_name}</ForeignText>
              <span className="text-muted">: {word.toLowerCase()}</span>
              {channel.because !== '' && !repeats(channel.because, because) && (
                <>
                  <span className="text-muted">, </span>
                  <ForeignText className="text-muted">{withLocalTimes(channel.because)}</ForeignText>
                </>
              )}{' '}
              {isReal && channel.delivery_id !== null && (
                <Link
                  to="/notifications/deliveries"
                  search={{ delivery: channel.delivery_id }}
                  className="text-accent underline underline-offset-2"
                >
                  Delivery
                </Link>
              )}
            </span>
          </p>
        )
      })}
    </>
  )
}

/** Told because the rule matched: that stands above. */
function repeats(ofChannel: string, ofRule: string): boolean {
  return ofRule !== '' && ofChannel.endsWith(`: ${ofRule}`)
}
