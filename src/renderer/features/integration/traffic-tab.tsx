import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { CallLog } from '../traffic/call-log.tsx'
import { changedSearch } from '../traffic/call-search.ts'

/** The calls of one integration, live. */
export function TrafficTab() {
  const { slug } = useParams({ from: '/integrations/$slug/traffic' })
  const search = useSearch({ from: '/integrations/$slug/traffic' })
  const navigate = useNavigate({ from: '/integrations/$slug/traffic' })
  return (
    <CallLog
      integration={slug}
      search={search}
      onSearch={(changes) => void navigate({ search: (before) => changedSearch(before, changes), replace: true })}
    />
  )
}
