import { ShieldAlert } from 'lucide-react'
import type { Tool } from '../../../shared/contract/tools.ts'
import type { Problem } from '../../stores/problem.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { countWords } from '../../ui/words.ts'

/** Above the tools of a server that changed some of them: what that means for agents, and the ways on. */
export function ApprovalBanner({
  waiting,
  problem,
  busy,
  blocked,
  onShow,
  onApproveAll,
}: {
  waiting: readonly Pick<Tool, 'change'>[]
  /** Why the last approval failed. */
  problem: Problem | undefined
  busy: boolean
  blocked: string | undefined
  /** Undefined: they are all that is shown. */
  onShow: (() => void) | undefined
  onApproveAll: () => void
}) {
  if (waiting.length === 0) return null
  return (
    <Banner
      tone="warn"
      icon={ShieldAlert}
      title={waitingWords(waiting)}
      action={
        <span className="flex flex-none gap-2">
          {onShow && (
            <Button size="small" onClick={onShow}>
              Show them
            </Button>
          )}
          <Button size="small" busy={busy} blocked={blocked} onClick={onApproveAll}>
            Approve all
          </Button>
        </span>
      }
    >
      {agentsWords(waiting)}
      {problem && <span className="ml-2 text-err">{problem.details[0]?.message ?? problem.message}</span>}
    </Banner>
  )
}

function agentsWords(waiting: readonly Pick<Tool, 'change'>[]): string {
  const served = waiting.filter(({ change }) => change?.held === false).length
  if (served === waiting.length) return 'Agents already get them.'
  if (served === 0) return 'Agents do not get them until you approve.'
  const others = waiting.length - served === 1 ? 'other' : 'others'
  return `Agents already get ${served.toLocaleString('en')} of them, the ${others} when you approve.`
}

/** "3 tools changed since you approved them", "2 tools changed and 1 is new since you approved them". */
export function waitingWords(waiting: readonly Pick<Tool, 'change'>[]): string {
  const added = waiting.filter(({ change }) => change?.kind === 'new').length
  const changed = waiting.length - added
  if (added === 0) return `${countWords(changed, 'tool')} changed since you approved ${changed === 1 ? 'it' : 'them'}`
  if (changed === 0) return `${countWords(added, 'new tool')} since you approved the others`
  const rest = `${added.toLocaleString('en')} ${added === 1 ? 'is' : 'are'} new`
  return `${countWords(changed, 'tool')} changed and ${rest} since you approved them`
}
