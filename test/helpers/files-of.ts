import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names of the files under a folder that hold a text, as it is written there. */
export function filesWith(folder: string, text: string): string[] {
  return filesOf(folder).flatMap(({ name, content }) => (content.includes(text) ? [name] : []))
}

export function filesOf(folder: string): { name: string; content: Buffer }[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  return files.map((file) => ({ name: file.name, content: readFileSync(join(file.parentPath, file.name)) }))
}
