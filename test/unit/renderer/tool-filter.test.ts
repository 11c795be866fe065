import { describe, expect, it } from 'vitest'
import {
  compareFilters,
  compileChoices,
  compileFilter,
  readEntries,
  sameFilter,
  withChoice,
} from '../../../src/renderer/features/integration/tool-filter.ts'
import { searchable, searchTools } from '../../../src/renderer/features/integration/tool-search.ts'
import { hasHidden, revealHidden, withoutHidden } from '../../../src/renderer/ui/hidden-characters.ts'

const tools = ['get_issue', 'list_issues', 'delete_issue', 'delete_repo', 'get_me']
const none = { enabled: [], disabled: [] }

describe('the filter as the console explains it', () => {
  it('names the entry that decided', () => {
    const verdict = compileFilter({ enabled: ['*issue*', 'get_me'], disabled: ['delete_*'] })
    expect(verdict('get_issue')).toEqual({ state: 'allowed', by: '*issue*' })
    expect(verdict('get_me')).toEqual({ state: 'allowed', by: 'get_me' })
    expect(verdict('delete_issue')).toEqual({ state: 'in_disabled_tools', by: 'delete_*' })
    expect(verdict('delete_repo')).toEqual({ state: 'not_in_enabled_tools', by: undefined })
    expect(compileFilter(none)('get_me')).toEqual({ state: 'allowed', by: undefined })
  })

  it('moves a tool between the lists and leaves patterns alone', () => {
    const before = { enabled: ['get_*'], disabled: ['get_me'] }
    expect(withChoice(before, ['get_me'], 'allow')).toEqual({ enabled: ['get_*', 'get_me'], disabled: [] })
    expect(withChoice(before, ['delete_repo'], 'block')).toEqual({
      enabled: ['get_*'],
      disabled: ['get_me', 'delete_repo'],
    })
    expect(withChoice(before, ['get_me'], 'default')).toEqual({ enabled: ['get_*'], disabled: [] })
    expect(['get_me', 'get_issue'].map(compileChoices(before))).toEqual(['block', 'default'])
  })

  it('counts what agents gain and lose', () => {
    expect(compareFilters(none, { enabled: [], disabled: ['delete_*'] }, tools)).toEqual({ gained: 0, lost: 2 })
    expect(
      compareFilters({ enabled: ['get_me'], disabled: [] }, { enabled: ['*issue*'], disabled: [] }, tools),
    ).toEqual({
      gained: 3,
      lost: 1,
    })
  })

  it('does not call an order a change', () => {
    expect(sameFilter({ enabled: ['a', 'b'], disabled: [] }, { enabled: ['b', 'a'], disabled: [] })).toBe(true)
    expect(sameFilter({ enabled: ['a'], disabled: [] }, { enabled: ['b'], disabled: [] })).toBe(false)
  })

  it('reads entries one a line or by commas, each once', () => {
    expect(readEntries(' a, b\n\nb ,c*')).toEqual(['a', 'b', 'c*'])
  })
})

it('searches names and descriptions by every word, and by what is exposed', () => {
  const list = searchable(
    tools.map((name) => ({
      name,
      gateway_name: `x__${name}`,
      integration: 'x',
      title: null,
      description: name === 'get_me' ? 'The signed-in person' : '',
      input_schema: {},
      annotations: {},
      state: 'allowed',
    })),
  )
  const verdict = compileFilter({ enabled: [], disabled: ['delete_*'] })
  expect(searchTools(list, 'PERSON signed', 'all', verdict).map(({ name }) => name)).toEqual(['get_me'])
  expect(searchTools(list, '', 'hidden', verdict).map(({ name }) => name)).toEqual(['delete_issue', 'delete_repo'])
})

describe('hidden characters', () => {
  it('are told as code points, runs together', () => {
    expect(revealHidden('a\u200B\u202Eb\u{E0041}')).toEqual([
      { text: 'a', hidden: false },
      { text: 'U+200B U+202E', hidden: true },
      { text: 'b', hidden: false },
      { text: 'U+E0041', hidden: true },
    ])
    expect(withoutHidden('a\u200Bb')).toBe('ab')
  })

  it('are not line breaks, tabs, accents or joined emoji', () => {
    expect(hasHidden('one\r\n\ttwo é e\u0301 日本 👩‍💻')).toBe(false)
    expect(hasHidden('a\u200Db')).toBe(true)
  })
})
