import { placeIn } from './line-column.ts'
import { sentence } from './sentence.ts'

/** What is said of a key that stands twice in one place. */
export function doubleKey(text: string, offset: number, name: string): string {
  const place = placeIn(text, offset)
  return sentence(`${place}: the key "${name.slice(0, 100)}" stands here for the second time. The last one counts.`)
}
