import { Link } from '@tanstack/react-router'
import { Plus, Send, Wrench } from 'lucide-react'
import type { Channel, ChannelKind } from '../../../shared/contract/channels.ts'
import { presetRules, type Rule } from '../../../shared/contract/rules.ts'
import { useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useNow } from '../../ui/use-now.ts'
import { ChannelBadge } from './channel-badge.tsx'
import { channelKinds, isMuted, kinds, untilWords } from './channel-words.ts'
import { TestOutcome } from './test-outcome.tsx'
import { useChannelTests } from './use-channel-tests.ts'
import { presets, ruleOf, useMatrix } from './use-matrix.ts'
import { useNeedsSetup } from './use-needs-setup.ts'

const linkButton =
  'inline-flex h-6 items-center gap-1.5 rounded-control border border-line bg-surface px-2 text-meta font-normal text-ink hover:bg-sunken'

/** The presets against the channels: a box tells whether one tells the other, and a click changes that. */
export function Matrix({ channels, rules }: { channels: readonly Channel[]; rules: readonly Rule[] }) {
  const matrix = useMatrix()
  const writable = useWritable()
  const now = useNow(30_000)
  const tests = useChannelTests()
  const missing = kinds.filter((kind) => !channels.some((channel) => channel.kind === kind))
  const tested = channels.filter(({ id }) => tests.outcomes[id] !== undefined)
  return (
    <section aria-label="Presets">
      <h2 className="text-section font-semibold">Presets</h2>
      <p className="mt-1 mb-3 text-muted">
        {channels.length === 0
          ? 'Nobody is told of anything yet: add a channel, then tick what it is to be told.'
          : 'Tick what each channel is to be told.'}
      </p>
      <div className="overflow-x-auto" tabIndex={0} aria-label="Presets and channels" role="group">
        <table className="border-collapse">
          <thead>
            <tr>
              <td className="sticky left-0 z-1 min-w-48 bg-surface" />
              {channels.map((channel) => (
                <th key={channel.id} scope="col" className="min-w-36 px-3 pt-1 pb-2 text-left align-top font-normal">
                  <ChannelHead
                    channel={channel}
                    now={now}
                    busy={tests.running.has(channel.id)}
                    blocked={writable ? undefined : 'Reconnecting'}
                    onTest={() => void tests.test(channel)}
                  />
                </th>
              ))}
              {missing.map((kind) => (
                <th key={kind} scope="col" className="min-w-28 px-3 pt-1 pb-2 text-left align-top font-normal">
                  <MissingHead kind={kind} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {presets.map((preset) => {
              const rule = ruleOf(rules, preset)
              return (
                <tr key={preset} className="border-t border-line">
                  <th scope="row" className="sticky left-0 z-1 h-11 bg-surface pr-4 text-left font-normal">
                    <PresetName name={presetRules[preset].name} rule={rule} now={now} />
                  </th>
                  {channels.map((channel) => (
                    <td key={channel.id} className="px-3">
                      <input
                        type="checkbox"
                        className="block size-4"
                        aria-label={`${presetRules[preset].name} to ${channel.name}`}
                        checked={matrix.isSet(rule, preset, channel.id)}
                        disabled={!writable}
                        onChange={(event) => matrix.set(preset, channel.id, event.target.checked)}
                      />
                    </td>
                  ))}
                  {missing.map((kind) => (
                    <td key={kind} className="px-3 text-subtle">
                      <span aria-hidden>–</span>
                      <span className="sr-only">No channel</span>
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <div aria-live="polite" className={classes('flex flex-col gap-1', tested.length > 0 && 'mt-2')}>
        {tested.map(({ id, name }) => {
          const outcome = tests.outcomes[id]
          return outcome && <TestOutcome key={id} outcome={outcome} name={name} />
        })}
      </div>
    </section>
  )
}

function ChannelHead({
  channel,
  now,
  busy,
  blocked,
  onTest,
}: {
  channel: Channel
  now: number
  busy: boolean
  blocked: string | undefined
  onTest: () => void
}) {
  const { id, kind, name, destination, health } = channel
  const { icon: Icon, word, integration } = channelKinds[kind]
  const badge = <ChannelBadge channel={channel} now={now} />
  return (
    <div className="flex max-w-56 flex-col gap-1">
      <Link
        to="/notifications/channels/$id"
        params={{ id }}
        title={`${word}, ${destination}`}
        className="flex items-center gap-1.5 font-medium hover:underline"
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none text-muted" />
        <span className="truncate">{name}</span>
      </Link>
      {health.state === 'failing' ? (
        <Link to="/notifications/deliveries" search={{ channel: id }} className="underline-offset-2 hover:underline">
          {badge}
        </Link>
      ) : (
        badge
      )}
      {health.state === 'needs_setup' && integration !== undefined ? (
        <SetupLink word={word} integration={integration} />
      ) : (
        <Button
          size="small"
          icon={Send}
          className="self-start"
          aria-label={`Send test to ${name}`}
          busy={busy}
          blocked={blocked}
          onClick={onTest}
        >
          Send test
        </Button>
      )}
    </div>
  )
}

/** A kind of channel of which there is none yet. */
function MissingHead({ kind }: { kind: ChannelKind }) {
  const { icon: Icon, word, integration } = channelKinds[kind]
  const needsSetup = useNeedsSetup(kind)
  return (
    <div className="flex flex-col gap-1">
      <span className="flex items-center gap-1.5 font-medium text-muted">
        <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
        {word}
      </span>
      <span className="text-muted">{needsSetup ? 'Needs setup' : 'No channel'}</span>
      {needsSetup && integration !== undefined ? (
        <SetupLink word={word} integration={integration} />
      ) : (
        <Link
          to="/notifications/channels/$id"
          params={{ id: 'new' }}
          search={{ kind, from: 'rules' }}
          aria-label={`Add a channel: ${word}`}
          className={classes(linkButton, 'self-start')}
        >
          <Plus size={14} strokeWidth={1.75} aria-hidden />
          Add
        </Link>
      )}
    </div>
  )
}

function SetupLink({ word, integration }: { word: string; integration: string }) {
  return (
    <Link
      to="/integrations/$slug/overview"
      params={{ slug: integration }}
      aria-label={`Set up ${word}`}
      className={classes(linkButton, 'self-start')}
    >
      <Wrench size={14} strokeWidth={1.75} aria-hidden />
      Set up
    </Link>
  )
}

function PresetName({ name, rule, now }: { name: string; rule: Rule | undefined; now: number }) {
  if (!rule) return <span className="text-strong">{name}</span>
  return (
    <span className="flex flex-col">
      <Link to="/notifications/rules/$id" params={{ id: rule.id }} className="text-strong hover:underline">
        {name}
      </Link>
      {!rule.enabled ? (
        <span className="text-meta text-muted">Off</span>
      ) : (
        rule.muted_until !== null &&
        isMuted(rule.muted_until, now) && (
          <span className="text-meta text-warn">Muted until {untilWords(rule.muted_until, now)}</span>
        )
      )}
    </span>
  )
}
