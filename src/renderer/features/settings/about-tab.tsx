import { useConsole, useLinkProblem, useSystem } from '../../stores/console.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { diagnosticsText } from './diagnostics.ts'
import { licences } from './licences.ts'
import { Group, Row, SettingsBody, Value } from './settings-rows.tsx'

/** Which version this is, under which licences, and what to send along with a fault. */
export function AboutTab() {
  const status = useSystem((state) => state.status)
  const retry = useSystem((state) => state.retry)
  const problem = useLinkProblem()
  return (
    <SettingsBody label="About">
      {status ? (
        <Group title="Gatehouse">
          <Row name="Version">
            <Value text={status.version} />
          </Row>
          <Row name="Licence">Apache License 2.0</Row>
          <Row
            name="Diagnostics"
            hint="Versions and states, for a report of a fault. Secrets, addresses, commands and texts of servers are left out."
          >
            <Diagnostics />
          </Row>
        </Group>
      ) : problem ? (
        <ErrorState flush title="The state of the gateway could not be loaded" problem={problem} onRetry={retry} />
      ) : (
        <SkeletonRows rows={3} />
      )}
      <Group title="Built with">
        {Object.entries(licences).map(([licence, names]) => (
          <Row key={licence} name={licence}>
            <span className="font-mono text-code wrap-anywhere">{names.join(', ')}</span>
          </Row>
        ))}
      </Group>
    </SettingsBody>
  )
}

function Diagnostics() {
  const { stores } = useConsole()
  const text = (): string => {
    const { link, status, vault } = stores.system.getState()
    const { byName, current } = stores.workspaces.getState()
    return diagnosticsText({
      host: window.gatehouse ? 'window' : 'browser',
      userAgent: navigator.userAgent,
      link,
      status,
      vault,
      workspace: byName[current],
      integrations: Object.values(stores.integrations.getState().byName),
      agentCount: Object.keys(stores.agents.getState().byId).length,
    })
  }
  return <CopyButton text={text}>Copy diagnostics</CopyButton>
}
