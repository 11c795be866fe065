import { Link } from '@tanstack/react-router'
import type { Severity } from '../../../shared/contract/incidents.ts'
import { TextField } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { atLeastWords, severities } from '../incidents/severity-words.ts'
import { LabelledSelect } from '../rest/labelled-select.tsx'
import type { ChannelDraft } from './channel-draft.ts'
import { channelKinds } from './channel-words.ts'
import { EmailFields } from './email-fields.tsx'
import { MuteField } from './mute-field.tsx'
import type { FieldErrors } from './rule-draft.ts'
import { SlackPicker } from './slack-picker.tsx'
import { useNeedsSetup } from './use-needs-setup.ts'
import { WebhookFields } from './webhook-fields.tsx'

export interface ChannelFieldsProps {
  draft: ChannelDraft
  errors: FieldErrors
  onChange: (changes: Partial<ChannelDraft>) => void
  /** Makes a new signing secret; undefined where the channel is not stored yet. */
  onRotate: (() => void) | undefined
  /** Why that cannot be done now. */
  rotateBlocked: string | undefined
}

/** The settings of a channel: first where it goes, then what holds for every kind. */
export function ChannelFields({ draft, errors, onChange, onRotate, rotateBlocked }: ChannelFieldsProps) {
  const needsSetup = useNeedsSetup(draft.kind)
  return (
    <div className="flex flex-col gap-5">
      <TextField
        label="Name"
        placeholder="On call"
        maxLength={80}
        value={draft.name}
        error={errors.name}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      {needsSetup && <NeedsSetup kind={draft.kind} />}
      {draft.kind === 'slack' && !needsSetup && (
        <SlackPicker
          value={draft.slack}
          error={errors['slack.channel_id']}
          onChange={(slack) =>
            onChange({
              slack,
              // Named after the channel, unless somebody has named it.
              ...(isNamedByUs(draft) ? { name: `Slack #${slack.channel_name}`.slice(0, 80) } : {}),
            })
          }
        />
      )}
      {draft.kind === 'pagerduty' && <PagerDutyFields draft={draft} errors={errors} onChange={onChange} />}
      {draft.kind === 'webhook' && (
        <WebhookFields
          draft={draft}
          errors={errors}
          onChange={onChange}
          onRotate={onRotate}
          rotateBlocked={rotateBlocked}
        />
      )}
      {draft.kind === 'email' && <EmailFields draft={draft} errors={errors} onChange={onChange} />}
      <LabelledSelect<Severity>
        label="Severity"
        className="max-w-60"
        value={draft.min_severity}
        onChange={(min_severity) => onChange({ min_severity })}
        options={severities.toReversed().map((value) => ({ value, label: atLeastWords(value) }))}
      />
      <MuteField value={draft.muted_until} onChange={(muted_until) => onChange({ muted_until })} />
    </div>
  )
}

function isNamedByUs({ name, slack }: ChannelDraft): boolean {
  return name.trim() === '' || name === 'Slack' || name === `Slack #${slack.channel_name}`
}

/** What has to be done first. */
function NeedsSetup({ kind }: { kind: ChannelDraft['kind'] }) {
  const { word, integration = '' } = channelKinds[kind]
  return (
    <p className="rounded-panel bg-warn-soft px-3 py-2">
      {word} is not set up yet, so nothing can be sent there.{' '}
      <Link
        to="/integrations/$slug/overview"
        params={{ slug: integration }}
        className="text-accent underline underline-offset-2"
      >
        Set up {word}
      </Link>
    </p>
  )
}

function PagerDutyFields({ draft, errors, onChange }: Omit<ChannelFieldsProps, 'onRotate' | 'rotateBlocked'>) {
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        It sends by the PagerDuty integration, with its severities: an incident is triggered, acknowledged and resolved
        there as it is here.
      </p>
      <SecretField
        label="Integration key of another service"
        hint="Empty: the key of the integration."
        stored={draft.integration_key === undefined ? '••••' : undefined}
        onReplace={() => onChange({ integration_key: '' })}
        value={draft.integration_key ?? ''}
        error={errors['credentials.integration_key']}
        onChange={(event) => onChange({ integration_key: event.target.value })}
      />
    </div>
  )
}
