import { Link } from '@tanstack/react-router'
import type { Channel } from '../../../shared/contract/channels.ts'
import type { EventType, Severity } from '../../../shared/contract/incidents.ts'
import { TextField } from '../../ui/field.tsx'
import { eventTypeWords } from '../incidents/incident-words.ts'
import { atLeastWords, severities } from '../incidents/severity-words.ts'
import { LabelledSelect } from '../rest/labelled-select.tsx'
import { channelKinds } from './channel-words.ts'
import { CheckList } from './check-list.tsx'
import { MatcherRows } from './matcher-rows.tsx'
import { MuteField } from './mute-field.tsx'
import { QuietHours } from './quiet-hours.tsx'
import { errorUnder, type FieldErrors, type RuleDraft } from './rule-draft.ts'
import { secondsWords } from './rule-words.ts'

const types = Object.keys(eventTypeWords) as EventType[]
const WAITS_S = [0, 10, 30, 60, 300, 600, 1800, 3600]
const REPEATS_S = [0, 900, 1800, 3600, 4 * 3600, 12 * 3600, 86_400]

/** What a rule is about, whom it tells, and when. */
export function RuleFields({
  draft,
  errors,
  channels,
  onChange,
}: {
  draft: RuleDraft
  errors: FieldErrors
  channels: readonly Channel[]
  onChange: (changes: Partial<RuleDraft>) => void
}) {
  return (
    <div className="flex flex-col gap-6">
      <TextField
        label="Name"
        placeholder="Core team, day and night"
        maxLength={80}
        value={draft.name}
        error={errors.name}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <CheckList
        label="About"
        options={types.map((value) => ({ value, label: eventTypeWords[value] }))}
        chosen={draft.types}
        error={errorUnder(errors, 'when.types')}
        onChange={(chosen) => onChange({ types: chosen })}
      />
      <LabelledSelect<Severity>
        label="Severity"
        className="max-w-60"
        value={draft.min_severity}
        onChange={(min_severity) => onChange({ min_severity })}
        options={severities.toReversed().map((value) => ({ value, label: atLeastWords(value) }))}
      />
      <MatcherRows matchers={draft.matchers} errors={errors} onChange={(matchers) => onChange({ matchers })} />
      <Channels draft={draft} errors={errors} channels={channels} onChange={onChange} />
      <fieldset className="flex flex-col gap-3">
        <legend className="sr-only">Grouping and reminders</legend>
        <div className="grid gap-3 sm:grid-cols-2">
          <SecondsSelect
            label="Send"
            value={draft.wait_s}
            choices={WAITS_S}
            words={(seconds) => (seconds === 0 ? 'At once' : `Wait ${secondsWords(seconds)} for others`)}
            onChange={(wait_s) => onChange({ wait_s })}
          />
          <SecondsSelect
            label="While nobody acknowledges"
            value={draft.repeat_s}
            choices={REPEATS_S}
            words={(seconds) => (seconds === 0 ? 'Tell once' : `Tell again every ${secondsWords(seconds)}`)}
            onChange={(repeat_s) => onChange({ repeat_s })}
          />
        </div>
        {draft.wait_s > 0 && (
          <TextField
            mono
            label="One notice for each"
            placeholder="service, cluster"
            hint="Labels, with commas between: what differs in them is told apart. Empty: all in one notice."
            value={draft.by}
            error={errorUnder(errors, 'grouping.by')}
            onChange={(event) => onChange({ by: event.target.value })}
          />
        )}
      </fieldset>
      <QuietHours draft={draft} errors={errors} onChange={onChange} />
      <MuteField value={draft.muted_until} onChange={(muted_until) => onChange({ muted_until })} />
    </div>
  )
}

function Channels({
  draft,
  errors,
  channels,
  onChange,
}: {
  draft: RuleDraft
  errors: FieldErrors
  channels: readonly Channel[]
  onChange: (changes: Partial<RuleDraft>) => void
}) {
  if (channels.length === 0) {
    return (
      <div>
        <p className="mb-1 font-medium">Tell</p>
        <p className="text-muted">
          There is no channel yet.{' '}
          <Link to="/notifications/channels" className="text-accent underline underline-offset-2">
            Add one
          </Link>
          ; until then the rule tells nobody.
        </p>
      </div>
    )
  }
  return (
    <CheckList
      label="Tell"
      options={channels.map(({ id, name, kind, destination }) => ({
        value: id,
        label: name,
        hint: destination === name ? channelKinds[kind].word : `${channelKinds[kind].word} ${destination}`,
      }))}
      chosen={draft.channels}
      error={errorUnder(errors, 'channels')}
      onChange={(chosen) => onChange({ channels: chosen })}
    />
  )
}

/** A length of time in words. One that the API was given and that is not among the choices stays one. */
function SecondsSelect({
  label,
  value,
  choices,
  words,
  onChange,
}: {
  label: string
  value: number
  choices: readonly number[]
  words: (seconds: number) => string
  onChange: (seconds: number) => void
}) {
  const all = [...new Set([...choices, value])].sort((one, other) => one - other)
  return (
    <LabelledSelect
      label={label}
      value={String(value)}
      onChange={(next) => onChange(Number(next))}
      options={all.map((seconds) => ({ value: String(seconds), label: words(seconds) }))}
    />
  )
}
