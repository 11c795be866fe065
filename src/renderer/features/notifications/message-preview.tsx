import type { MessagePreview } from '../../../shared/contract/channels.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'
import { Tabs } from '../../ui/tabs.tsx'

/** A notice as a person would read it, and as it goes over the wire: both as text, nothing of it is drawn. */
export function MessageView({ preview }: { preview: MessagePreview }) {
  const { text, body, content_type: type } = preview
  return (
    <Tabs
      label="Views of the notice"
      panels={[
        {
          id: 'text',
          label: 'To read',
          content: (
            <div
              className="max-h-90 overflow-y-auto rounded-panel bg-sunken px-3 py-2"
              tabIndex={0}
              role="group"
              aria-label="Notice as text"
            >
              <ForeignText>{text}</ForeignText>
            </div>
          ),
        },
        {
          id: 'body',
          label: 'As sent',
          content: (
            <div className="flex flex-col gap-1">
              <p className="font-mono text-code text-muted">{type}</p>
              <JsonEditor
                label="Body of the notice"
                readOnly
                grows
                language={type.includes('json') ? 'json' : 'text'}
                value={body}
              />
            </div>
          ),
        },
      ]}
    />
  )
}
