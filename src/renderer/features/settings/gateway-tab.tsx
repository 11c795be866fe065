import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { DiscoveryMode } from '../../../shared/contract/agents.ts'
import type { Settings } from '../../../shared/contract/settings.ts'
import { beforePortChange } from '../../host/port-change.ts'
import { useConsole, useSystem, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { controlLook } from '../../ui/field.tsx'
import { classes } from '../../ui/classes.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { discoveryWords } from '../agents/discovery-words.ts'
import { Group, Row, SettingsBody, Value } from './settings-rows.tsx'
import { useSettingChange, useSettings } from './use-settings.ts'

const MODES = Object.keys(discoveryWords) as DiscoveryMode[]

/** Where agents reach the gateway, how they find tools, and what is kept of their calls. */
export function GatewayTab() {
  const status = useSystem((state) => state.status)
  const { settings, problem, reload } = useSettings()
  return (
    <SettingsBody label="Gateway">
      {settings ? (
        <>
          <Group title="Agents">
            <NumberSetting
              field="port"
              name="Port"
              value={settings.port}
              hint="The gateway moves at once. Agents need the new address; clients that Gatehouse wrote to can be written again."
            />
            <Mode settings={settings} />
            <Instructions settings={settings} />
            <Restart />
          </Group>
          <Group title="Limits">
            <NumberSetting
              field="max_message_mib"
              name="Largest message"
              unit="MiB"
              value={settings.max_message_mib}
              hint="From an agent or from a server, 1 to 128. A larger one fails with an error; everything else goes on. A server that is a command gets to know of a change when it is started again."
            />
            <NumberSetting
              field="agent_concurrency"
              name="Requests at a time"
              value={settings.agent_concurrency}
              hint="Of each agent. One that asks for more is told to wait a moment; others are not held up."
            />
            <NumberSetting
              field="agent_calls_per_minute"
              name="Calls per minute"
              value={settings.agent_calls_per_minute}
              optional
              hint="Of each agent; empty for no limit. It can make the calls of one minute at once, and is then told when to call again. Lists cost nothing."
            />
          </Group>
          <Group title="Traffic">
            <Bodies settings={settings} />
            <NumberSetting
              field="call_retention_days"
              name="Keep calls for"
              unit="days"
              value={settings.call_retention_days}
              hint="Older calls are deleted."
            />
          </Group>
        </>
      ) : problem ? (
        <ErrorState flush title="The settings could not be loaded" problem={problem} onRetry={reload} />
      ) : (
        <SkeletonRows rows={4} />
      )}
      {status && (
        <Group title="Addresses">
          <Row name="MCP endpoint">
            <Value text={status.mcp_url} />
          </Row>
          <Row name="Admin API">
            <Value text={status.api_url} />
          </Row>
          <Row name="Data folder">
            <Value text={status.data_dir} />
          </Row>
        </Group>
      )}
    </SettingsBody>
  )
}

type NumberField = 'port' | 'call_retention_days' | 'max_message_mib' | 'agent_concurrency' | 'agent_calls_per_minute'

/** A number that is stored by its button or Enter: half a port is not a port. */
function NumberSetting({
  field,
  name,
  unit,
  value,
  hint,
  optional = false,
}: {
  field: NumberField
  name: string
  unit?: string
  /** Null: none, shown as an empty field. */
  value: number | null
  hint: string
  /** The field may be left empty. */
  optional?: boolean
}) {
  const { client, stores } = useConsole()
  const { change, error, busy, forgetError } = useSettingChange()
  const writable = useWritable()
  const [draft, setDraft] = useState<string>()
  const shown = value === null ? '' : String(value)
  const changed = draft !== undefined && draft.trim() !== shown
  const save = async (): Promise<void> => {
    if (!changed || !writable) return
    const wanted = optional && draft.trim() === '' ? null : Number(draft)
    const follow = field === 'port' ? await beforePortChange(client) : undefined
    if (!(await change({ [field]: wanted }))) return
    setDraft(undefined)
    if (!follow || wanted === null || follow(wanted)) return
    // The addresses that the status tells have moved with the port.
    client.system.status().then(stores.system.getState().setStatus, () => undefined)
  }
  return (
    <Row name={name} hint={hint} error={error}>
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <input
          aria-label={unit ? `${name} (${unit})` : name}
          inputMode="numeric"
          value={draft ?? shown}
          placeholder={optional ? 'None' : undefined}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            setDraft(event.target.value.replaceAll(/\D/g, '').slice(0, 6))
            forgetError()
          }}
          onKeyDown={(event) => event.key === 'Escape' && setDraft(undefined)}
          className={classes(controlLook, 'h-8 w-24 tabular-nums', error ? 'border-err' : 'border-line-strong')}
        />
        {unit && <span className="text-muted">{unit}</span>}
        {changed && (
          <Button type="submit" look="primary" busy={busy} blocked={writable ? undefined : 'Reconnecting'}>
            Save
          </Button>
        )}
      </form>
    </Row>
  )
}

function Mode({ settings }: { settings: Settings }) {
  const { change, error } = useSettingChange()
  const writable = useWritable()
  return (
    <Row
      name="Discovery mode"
      hint="For agents that do not say otherwise. Lazy lists two tools, discover_tools and call_tool, by which an agent finds and calls all others: it costs less of its context."
      error={error}
    >
      <Segmented
        label="Discovery mode"
        hideLabel
        disabled={!writable}
        value={settings.discovery_mode}
        onChange={(discovery_mode) => void change({ discovery_mode })}
        options={MODES.map((value) => ({ value, label: discoveryWords[value] }))}
      />
    </Row>
  )
}

function Instructions({ settings }: { settings: Settings }) {
  const { change, error, busy } = useSettingChange()
  const writable = useWritable()
  return (
    <Row
      name="Pass on instructions of servers"
      hint="What each server tells models about itself, at most 2 KiB, is part of what an agent reads first at /mcp. A bad server could use it to mislead agents. Off: agents read only what Gatehouse says. The addresses of single integrations always give theirs."
      error={error}
    >
      <Switch
        label="Pass on instructions of servers"
        checked={settings.merge_instructions}
        disabled={!writable || busy}
        onChange={(event) => void change({ merge_instructions: event.target.checked })}
      />
    </Row>
  )
}

function Bodies({ settings }: { settings: Settings }) {
  const { change, error, busy } = useSettingChange()
  const writable = useWritable()
  return (
    <Row
      name="Record arguments and results"
      hint="Off: only who called what, when, and how it ended. On: also what was sent and answered, secrets masked; it may hold anything that agents work with."
      error={error}
    >
      <Switch
        label="Record arguments and results"
        checked={settings.record_bodies}
        disabled={!writable || busy}
        onChange={(event) => void change({ record_bodies: event.target.checked })}
      />
    </Row>
  )
}

function Restart() {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const writable = useWritable()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const restart = async (): Promise<void> => {
    setBusy(true)
    try {
      stores.system.getState().setStatus(await client.system.restart_gateway())
    } catch (cause) {
      fail('The gateway was not restarted', cause)
    } finally {
      setBusy(false)
      setAsking(false)
    }
  }
  return (
    <Row name="Restart" hint="Ends every agent session and connects every integration anew.">
      <Button
        icon={RotateCw}
        busy={busy}
        blocked={writable ? undefined : 'Reconnecting'}
        onClick={() => setAsking(true)}
      >
        Restart gateway
      </Button>
      <ConfirmDialog
        open={asking}
        busy={busy}
        look="primary"
        onClose={() => setAsking(false)}
        onConfirm={() => void restart()}
        title="Restart the gateway?"
        confirm="Restart gateway"
      >
        Calls that are running end, agents have to start a new session, and every integration of every workspace
        connects anew.
      </ConfirmDialog>
    </Row>
  )
}
