import { execFile } from 'node:child_process'
import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { followAuthorization } from '../../helpers/follow-authorization.ts'

/**
 * What the system's browser is in these tests: `stand-in-browser.ts FOLDER URL`. Follows the sign-in to its end and opens
 * the link that it ends with as a browser does: by telling the desktop. With a file `hold` in the folder it keeps the link.
 * Everything that it was asked to open, and saw, is in `browsed.jsonl`.
 */
const [folder = '', url = ''] = process.argv.slice(2)
const note = (fields: object) => appendFileSync(join(folder, 'browsed.jsonl'), `${JSON.stringify(fields)}\n`)

note({ opened: url })
try {
  const answer = await followAuthorization(url)
  const page = answer.startsWith('http:') ? await (await fetch(answer)).text() : undefined
  const link = page === undefined ? answer : (/content="0;url=([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&')
  note({ answer, page, link })
  if (link !== '' && !existsSync(join(folder, 'hold'))) await promisify(execFile)('xdg-open', [link])
} catch (error) {
  note({ error: String(error) })
}
