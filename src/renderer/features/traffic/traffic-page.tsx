import { useNavigate, useSearch } from '@tanstack/react-router'
import { CallLog } from './call-log.tsx'
import { changedSearch } from './call-search.ts'
import { TrafficHead } from './traffic-head.tsx'

/** Every tool call of the workspace, live. */
export function TrafficPage() {
  const search = useSearch({ from: '/traffic' })
  const navigate = useNavigate({ from: '/traffic' })
  return (
    <CallLog
      search={search}
      onSearch={(changes) => void navigate({ search: (before) => changedSearch(before, changes), replace: true })}
      head={(counts, actions) => <TrafficHead counts={counts}>{actions}</TrafficHead>}
    />
  )
}
