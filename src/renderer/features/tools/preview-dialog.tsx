import { useMemo } from 'react'
import type { Agent } from '../../../shared/contract/agents.ts'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { type GridItem, VirtualGrid } from '../../ui/virtual-grid.tsx'
import { countWords } from '../../ui/words.ts'
import { useSettings } from '../settings/use-settings.ts'
import { type ListedTool, listedTools } from './listed-tools.ts'

type ListedItem = GridItem & { tool: ListedTool }

const ROW_HEIGHT = 28

/** What an agent gets when it asks for its tools, name by name with what each costs. */
export function PreviewDialog({
  tools,
  agent,
  onClose,
}: {
  /** As this agent sees them. */
  tools: readonly ToolSummary[]
  /** Undefined: one without a profile. */
  agent: Agent | undefined
  onClose: () => void
}) {
  const { settings, problem, reload } = useSettings()
  const mode = agent?.discovery_mode ?? settings?.discovery_mode
  const listed = useMemo(() => mode && listedTools(tools, mode), [tools, mode])
  return (
    <Dialog open wide onClose={onClose} title={`tools/list of ${agent?.name ?? 'an agent without a profile'}`}>
      {listed ? (
        <>
          <p className="mt-1 text-muted" role="status">
            {mode === 'lazy'
              ? `Lazy mode: ${countWords(listed.tools.length, 'tool')} listed; ${countWords(listed.callable, 'tool')} of integrations found by discover_tools and called by call_tool.`
              : `${countWords(listed.tools.length, 'tool')}, about ${countWords(listed.tokens, 'token')} in an agent's context.`}
          </p>
          <div className="mt-4 flex h-80 flex-col rounded-panel border border-line">
            <VirtualGrid
              label="Listed tools"
              items={listed.tools.map((tool): ListedItem => ({ key: tool.name, tool, height: ROW_HEIGHT }))}
            >
              {({ tool: { name, tokens } }) => (
                <div role="presentation" className="flex h-full items-center gap-3 border-b border-line px-3">
                  <span role="gridcell" className="min-w-0 flex-1 truncate font-mono text-code" title={name}>
                    {name}
                  </span>
                  <span role="gridcell" className="flex-none text-meta text-muted tabular-nums">
                    {tokens === undefined ? "the gateway's own" : `${tokens.toLocaleString('en')} tokens`}
                  </span>
                </div>
              )}
            </VirtualGrid>
          </div>
        </>
      ) : problem ? (
        <ErrorState title="The discovery mode could not be loaded" problem={problem} onRetry={reload} />
      ) : (
        <SkeletonRows height={ROW_HEIGHT} />
      )}
      <DialogActions>
        {listed && <CopyButton text={() => listed.tools.map(({ name }) => name).join('\n')}>Copy names</CopyButton>}
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
