import type { WebhookFormat } from '../../../shared/contract/channels.ts'
import type { EventType } from '../../../shared/contract/incidents.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FieldError, TextField } from '../../ui/field.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { eventTypeWords } from '../incidents/incident-words.ts'
import { CustomCa } from './custom-ca.tsx'
import type { ChannelDraft, Signing } from './channel-draft.ts'
import { withHeaders } from './channel-secrets.ts'
import { CheckList } from './check-list.tsx'
import { HeaderRows } from './header-rows.tsx'
import type { FieldErrors } from './rule-draft.ts'
import { withUrlExample } from '../../ui/url-example.ts'

const formats: readonly { value: WebhookFormat; label: string }[] = [
  { value: 'json', label: 'JSON' },
  { value: 'cloudevents', label: 'CloudEvents' },
  { value: 'slack', label: 'Slack-compatible' },
  { value: 'template', label: 'Template' },
]
const formatHints: Record<WebhookFormat, string> = {
  json: 'Our own event, as the API has it.',
  cloudevents: 'CloudEvents 1.0, structured mode.',
  slack: 'For what takes the incoming webhooks of Slack: Mattermost, Rocket.Chat, Discord with /slack.',
  template: 'A body of your own, in Mustache. Values are escaped for its content type.',
}
const URL_EXAMPLE = 'https://hooks.example.com/gatehouse'
const types = Object.keys(eventTypeWords) as EventType[]

/** Where a webhook goes, what it carries, and how its receiver knows that it is ours. */
export function WebhookFields({
  draft,
  errors,
  onChange,
  onRotate,
  rotateBlocked,
}: {
  draft: ChannelDraft
  errors: FieldErrors
  onChange: (changes: Partial<ChannelDraft>) => void
  /** Makes a new secret for one that is stored; undefined where the channel is not stored yet. */
  onRotate: (() => void) | undefined
  /** Why that cannot be done now. */
  rotateBlocked: string | undefined
}) {
  const { webhook } = draft
  const change = (changes: Partial<ChannelDraft['webhook']>): void => onChange({ webhook: { ...webhook, ...changes } })
  return (
    <>
      <TextField
        mono
        label="URL"
        placeholder={URL_EXAMPLE}
        value={webhook.url}
        error={errors['webhook.url'] && withUrlExample(errors['webhook.url'], URL_EXAMPLE)}
        onChange={(event) => change({ url: event.target.value })}
      />
      <div>
        <Segmented label="Payload" value={webhook.format} onChange={(format) => change({ format })} options={formats} />
        <p className="mt-1 text-meta text-muted">{formatHints[webhook.format]}</p>
      </div>
      {webhook.format === 'template' && (
        <>
          <div data-fault={errors['webhook.template'] === undefined ? undefined : true}>
            <p aria-hidden className="mb-1 font-medium">
              Template
            </p>
            <JsonEditor
              label="Template"
              language="text"
              grows
              value={webhook.template}
              invalid={errors['webhook.template'] !== undefined}
              describedBy="template-says"
              onChange={(template) => change({ template })}
            />
            <div id="template-says" aria-live="polite">
              {errors['webhook.template'] !== undefined && <FieldError>{errors['webhook.template']}</FieldError>}
            </div>
          </div>
          <TextField
            mono
            label="Content type"
            value={webhook.content_type}
            error={errors['webhook.content_type']}
            onChange={(event) => change({ content_type: event.target.value })}
          />
        </>
      )}
      <SigningFields
        draft={draft}
        errors={errors}
        onChange={onChange}
        onRotate={onRotate}
        rotateBlocked={rotateBlocked}
      />
      <HeaderRows
        rows={webhook.headers}
        errors={errors}
        onChange={(headers) => onChange(withHeaders(draft, headers))}
      />
      <CheckList
        label="Events that it takes"
        options={types.map((value) => ({ value, label: eventTypeWords[value] }))}
        // None chosen means all: the list shows what is sent.
        chosen={webhook.events.length === 0 ? types : webhook.events}
        onChange={(events) => change({ events: events.length === types.length ? [] : events })}
      />
      <CustomCa value={webhook.ca} error={errors['webhook.ca']} onChange={(ca) => change({ ca })} />
    </>
  )
}

function SigningFields({
  draft: { signing, signing_secret },
  errors,
  onChange,
  onRotate,
  rotateBlocked,
}: {
  draft: ChannelDraft
  errors: FieldErrors
  onChange: (changes: Partial<ChannelDraft>) => void
  onRotate: (() => void) | undefined
  rotateBlocked: string | undefined
}) {
  if (onRotate && (signing === 'stored' || signing === 'none')) {
    return (
      <div role="group" aria-label="Signing secret">
        <p className="mb-1 font-medium">Signing secret</p>
        <div className="flex flex-wrap items-center gap-3">
          <span className="text-muted">
            {signing === 'stored' ? 'Each request is signed (Standard Webhooks).' : 'Requests are not signed.'}
          </span>
          <Button size="small" blocked={rotateBlocked} onClick={onRotate}>
            {signing === 'stored' ? 'New secret…' : 'Sign requests…'}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <div className={signing === 'own' ? 'flex flex-col gap-3' : ''}>
      <Segmented<Signing>
        label="Signature"
        value={signing}
        onChange={(next) => onChange({ signing: next, signing_secret: '' })}
        options={[
          { value: 'made', label: 'New secret' },
          { value: 'own', label: 'My secret' },
          { value: 'none', label: 'Not signed' },
        ]}
      />
      {signing === 'made' && (
        <p className="mt-1 text-meta text-muted">
          Each request is signed as Standard Webhooks says. The secret is made when the channel is saved, and shown
          once.
        </p>
      )}
      {signing === 'own' && (
        <SecretField
          label="Signing secret"
          placeholder="whsec_…"
          value={signing_secret}
          error={errors['credentials.signing_secret']}
          onChange={(event) => onChange({ signing_secret: event.target.value })}
        />
      )}
    </div>
  )
}

/** The only place where a secret is seen: it is not shown again. */
export function ShownSecret({ secret }: { secret: string }) {
  return (
    <div className="mt-4 flex items-center gap-3 rounded-panel border border-line bg-bg py-2 pr-2 pl-3">
      <code className="min-w-0 flex-1 font-mono text-code break-all" aria-label="Signing secret">
        {secret}
      </code>
      <CopyButton look="primary" text={secret} />
    </div>
  )
}
