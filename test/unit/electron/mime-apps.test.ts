import { expect, test } from 'vitest'
import { withDefaultApplication } from '../../../src/main/electron/mime-apps.ts'

const type = 'x-scheme-handler/gatehouse'
const change = (list: string) => withDefaultApplication(list, type, 'ours.desktop')

test.each([
  ['an empty list', '', `[Default Applications]\n${type}=ours.desktop;\n`],
  [
    'a list without the group',
    '[Added Associations]\ntext/html=firefox.desktop;',
    `[Added Associations]\ntext/html=firefox.desktop;\n[Default Applications]\n${type}=ours.desktop;\n`,
  ],
  [
    'other defaults',
    '# mine\n[Default Applications]\ntext/html=firefox.desktop\n\n[Removed Associations]\na/b=c.desktop;\n',
    `# mine\n[Default Applications]\n${type}=ours.desktop;\ntext/html=firefox.desktop\n\n[Removed Associations]\na/b=c.desktop;\n`,
  ],
  [
    'another choice, which stays behind ours',
    `[Default Applications]\n${type}=theirs.desktop;ours.desktop;\n`,
    `[Default Applications]\n${type}=ours.desktop;theirs.desktop;\n`,
  ],
  [
    'our own line in another group',
    `[Added Associations]\n${type}=ours.desktop;\n[Default Applications]\n`,
    `[Added Associations]\n${type}=ours.desktop;\n[Default Applications]\n${type}=ours.desktop;\n`,
  ],
])('%s', (_case, before, after) => {
  expect(change(before)).toBe(after)
  expect(change(after)).toBe(after)
})

test('a choice that is ours already is not written anew', () => {
  const list = `[Default Applications]\n ${type} = ours.desktop\n`
  expect(change(list)).toBe(list)
})
