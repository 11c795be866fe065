import type { Notice } from '../channel-adapter.ts'
import { lines } from './text.ts'

const MAX_DESCRIPTION = 4_000
const MAX_RCA = 8_000

/** A longer text of a notice, with what it is. `heading` is empty for the description. */
export interface Passage {
  heading: string
  text: string
}

/**
 * The longer texts of a notice about one incident, or none. A resolve or another news has words of its own in its event, as
 * of an alert that is only no longer reported; they come first.
 */
export function passages({ action, event, incidents, more }: Notice): Passage[] {
  if (incidents.length + more > 1) return []
  const [incident] = incidents
  const news = lines(event.description, MAX_DESCRIPTION)
  const description = lines(incident?.description ?? event.description, MAX_DESCRIPTION)
  const texts: Passage[] = []
  if (action !== 'rca' && news !== '' && news !== description) texts.push({ heading: '', text: news })
  if (description !== '' && action !== 'rca')
    texts.push({ heading: texts.length > 0 ? 'Description' : '', text: description })
  const rca = lines((action === 'rca' ? event.rca : null) ?? incident?.rca ?? event.rca ?? '', MAX_RCA)
  if (rca !== '') texts.push({ heading: 'Root cause', text: rca })
  return texts
}
