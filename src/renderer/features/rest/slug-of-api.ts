import { slugOfUrl, toSlug } from '../add/slug-proposal.ts'

/** Labels of a host name, and words of a path, that every API has. */
const NOISE = /^(api|apis|www|app|gateway|internal|intranet|rest|dev|staging|prod|public|v\d+)$/

/** `https://billing.corp.example.com/v1` → `billing`; `http://localhost:3000/notes/api` → `notes`. */
export function slugOfApi(text: string): string {
  const url = URL.parse(text.trim())
  if (!url || !/^https?:$/.test(url.protocol)) return ''
  const host = url.hostname
  const isAddress = host === 'localhost' || host.startsWith('[') || /^[\d.]+$/.test(host)
  if (!isAddress) {
    const labels = host.split('.')
    const said = labels.slice(0, -1).find((label) => !NOISE.test(label))
    return toSlug(said ?? labels[0] ?? '')
  }
  const word = url.pathname.split('/').find((part) => part !== '' && !NOISE.test(part.toLowerCase()))
  return toSlug(word ?? '') || slugOfUrl(url.origin)
}
