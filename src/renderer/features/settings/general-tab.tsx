import { useNavigate } from '@tanstack/react-router'
import { FileInput, FileOutput, Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { usePreferences, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { Group, Row, SettingsBody } from './settings-rows.tsx'
import { useSettingChange, useSettings } from './use-settings.ts'

/** How the console looks, and how the application starts and ends. */
export function GeneralTab() {
  const { settings, problem, reload } = useSettings()
  // Null in both where there is no desktop application to start.
  const desktop = settings && (settings.start_at_login !== null || settings.keep_in_tray !== null) ? settings : null
  return (
    <SettingsBody label="General">
      <Appearance />
      {problem && !settings && (
        <ErrorState flush title="The settings could not be loaded" problem={problem} onRetry={reload} />
      )}
      {desktop && (
        <Group title="Application">
          {desktop.start_at_login !== null && (
            <DesktopSwitch
              field="start_at_login"
              name="Start at login"
              hint="Opens with your session, in the tray."
              checked={desktop.start_at_login}
            />
          )}
          {desktop.keep_in_tray !== null && (
            <DesktopSwitch
              field="keep_in_tray"
              name="Keep running in the tray"
              hint="Closing the window leaves the gateway running. Off: closing the window quits."
              checked={desktop.keep_in_tray}
            />
          )}
        </Group>
      )}
      <Configuration />
    </SettingsBody>
  )
}

function Appearance() {
  const { theme, density, setTheme, setDensity } = usePreferences((state) => state)
  return (
    <Group title="Appearance">
      <Row name="Theme">
        <Segmented
          label="Theme"
          hideLabel
          value={theme}
          onChange={setTheme}
          options={[
            { value: 'system', label: 'System', icon: Monitor },
            { value: 'light', label: 'Light', icon: Sun },
            { value: 'dark', label: 'Dark', icon: Moon },
          ]}
        />
      </Row>
      <Row name="Density">
        <Segmented
          label="Density"
          hideLabel
          value={density}
          onChange={setDensity}
          options={[
            { value: 'comfortable', label: 'Comfortable' },
            { value: 'compact', label: 'Compact' },
          ]}
        />
      </Row>
    </Group>
  )
}

function DesktopSwitch({
  field,
  name,
  hint,
  checked,
}: {
  field: 'start_at_login' | 'keep_in_tray'
  name: string
  hint: string
  checked: boolean
}) {
  const { change, error, busy } = useSettingChange()
  const writable = useWritable()
  return (
    <Row name={name} hint={hint} error={error}>
      <Switch
        label={name}
        checked={checked}
        disabled={!writable || busy}
        onChange={(event) => void change({ [field]: event.target.checked })}
      />
    </Row>
  )
}

function Configuration() {
  const writable = useWritable()
  const navigate = useNavigate()
  const [exporting, setExporting] = useState(false)
  return (
    <Group title="Configuration">
      <Row
        name="Export"
        hint="Integrations, profiles, agents and settings of this workspace as YAML, without any secret."
      >
        <Button icon={FileOutput} blocked={writable ? undefined : 'Reconnecting'} onClick={() => setExporting(true)}>
          Export configuration
        </Button>
      </Row>
      <Row name="Apply" hint="Shows what a document would change before it changes anything.">
        <Button
          icon={FileInput}
          onClick={() => void navigate({ to: '/integrations/import', search: { from: 'document' } })}
        >
          Apply…
        </Button>
      </Row>
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </Group>
  )
}
