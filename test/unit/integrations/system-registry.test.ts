import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SystemRegistry } from '../../../src/main/integrations/system-registry.ts'
import { temporaryFolder } from '../store/fresh-store.ts'

it.each([
  ['a field is missing', 'name: jira\ndisplay_name: Jira\n'],
  ['a field is unknown', 'name: jira\ndisplay_name: Jira\ndescription: Issues\ncategory: Work\nextra: 1\n'],
  ['it is not YAML', 'name: [jira\n'],
])('names the file when %s', (_case, text) => {
  const folder = temporaryFolder()
  const file = join(folder, 'jira.yaml')
  writeFileSync(file, text)
  expect(() => SystemRegistry.load(folder)).toThrow(`The registry file ${file} is not valid`)
})
