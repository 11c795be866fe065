import { bodyKind, essenceOf } from '../../media-type.ts'

/** Which of the media types of a body is sent: the one that an agent can fill in best. */
const RANKS = { json: 0, form: 3, multipart: 4, lines: 5, text: 6, binary: 7 } as const

/** `isList`: whether the schema is about a list, which of the JSON types for changes only JSON Patch is. */
export function rankOf(contentType: string, isList = false): number {
  const type = essenceOf(contentType)
  if (type === 'application/json' || type === 'text/json') return RANKS.json
  const kind = bodyKind(contentType)
  if (kind !== 'json')
    return kind === 'multipart' && type !== 'multipart/form-data' ? RANKS.multipart + 0.5 : RANKS[kind]
  if (type.includes('*')) return 2.5
  if (type === 'application/json-patch+json') return isList ? 0.5 : 2
  return type === 'application/merge-patch+json' ? 1 : 1.5
}

/** The best of them, the first of equals. Undefined: there is none. */
export function bestMedia<Media>(all: readonly Media[], rank: (media: Media) => number): Media | undefined {
  let best: Media | undefined
  for (const media of all) if (best === undefined || rank(media) < rank(best)) best = media
  return best
}
