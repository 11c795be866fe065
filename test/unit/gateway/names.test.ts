import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nameInGateway } from '../../../src/main/gateway/names.ts'

const hashOf = (original: string) => createHash('sha256').update(original).digest('hex').slice(0, 8)

describe('the name of a tool in the gateway', () => {
  it('is slug, two underscores and the tool where nothing has to change', () => {
    expect(nameInGateway('github', 'list_issues')).toBe('github__list_issues')
    expect(nameInGateway('my-db', 'Run-Query_2')).toBe('my-db__Run-Query_2')
  })

  it('leaves a name of 64 characters and cuts one of 65', () => {
    const fits = 'x'.repeat(64 - 'slug__'.length)
    expect(nameInGateway('slug', fits)).toBe(`slug__${fits}`)
    const long = `${fits}x`
    expect(nameInGateway('slug', long)).toBe(`slug__${'x'.repeat(55 - 'slug__'.length)}_${hashOf(`slug__${long}`)}`)
    expect(nameInGateway('slug', long)).toHaveLength(64)
  })

  it('cleans what models do not accept and adds the hash of the original', () => {
    expect(nameInGateway('a', 'files.read')).toBe(`a__files_read_${hashOf('a__files.read')}`)
    expect(nameInGateway('a', 'read file/é')).toBe(`a__read_file___${hashOf('a__read file/é')}`)
  })

  it('replaces a character outside the BMP by one underscore', () => {
    expect(nameInGateway('a', '🔧fix')).toBe(`a___fix_${hashOf('a__🔧fix')}`)
  })

  it('keeps names apart that cleaning makes equal', () => {
    const names = ['a.b', 'a/b', 'a b', 'a_b'].map((tool) => nameInGateway('s', tool))
    expect(new Set(names).size).toBe(4)
    expect(names[3]).toBe('s__a_b')
  })

  it.each(['__proto__', 'constructor', '', '\0', '\n', '☃'.repeat(500), '../../etc', '\ud800'])(
    'is always one that model APIs accept: %j',
    (tool) => {
      expect(nameInGateway('slug', tool)).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    },
  )

  it('keeps the slug whole, even the longest one', () => {
    const slug = 's'.repeat(40)
    expect(nameInGateway(slug, 'é'.repeat(80)).startsWith(`${slug}__`)).toBe(true)
  })

  it('passes a tool named __proto__ as an ordinary name', () => {
    expect(nameInGateway('a', '__proto__')).toBe('a____proto__')
  })
})
