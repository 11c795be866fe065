import type { ReactNode } from 'react'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { countWords } from '../../ui/words.ts'
import { traitsOf } from './tool-kinds.ts'

/** A native button of a row, heard by the list. */
export const rowButton =
  'h-6 rounded-control border border-line bg-surface px-2 text-meta hover:bg-sunken disabled:opacity-55 whitespace-nowrap'

/** What an open row tells of its tool: all of its description, its name for agents, why they see it or not. */
export function ToolDetails({
  tool,
  why,
  head,
  children,
}: {
  tool: ToolSummary
  why: string
  /** Above all else. */
  head?: ReactNode
  children?: ReactNode
}) {
  const traits = traitsOf(tool.annotations)
  return (
    <div role="gridcell" className="flex flex-col gap-3 px-13 pt-1 pb-4">
      {head}
      <p className="max-w-160">
        {tool.description ? (
          <ForeignText>{tool.description}</ForeignText>
        ) : (
          <span className="text-muted">The server gives no description.</span>
        )}
      </p>
      <dl className="grid max-w-200 grid-cols-[130px_minmax(0,1fr)] gap-x-4 gap-y-1 text-meta">
        <dt className="text-muted">Name for agents</dt>
        <dd className="font-mono break-all">{tool.gateway_name}</dd>
        <dt className="text-muted">For agents</dt>
        <dd>{why}</dd>
        <dt className="text-muted">In their context</dt>
        <dd>about {countWords(tool.tokens, 'token')}</dd>
        {tool.flags.length > 0 && (
          <>
            <dt className="text-warn">Look at this</dt>
            <dd>
              <ul>
                {tool.flags.map(({ message }) => (
                  <li key={message}>{message}</li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {traits.length > 0 && (
          <>
            <dt className="text-muted">The server says</dt>
            <dd>{traits.map(({ word }) => word).join(', ')}</dd>
          </>
        )}
        {children}
      </dl>
    </div>
  )
}
