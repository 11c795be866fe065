import { describe, expect, it } from 'vitest'
import { expand } from '../../../src/main/clients/placeholders.ts'

const place = {
  home: '/home/ada',
  env: { REGION: 'eu', EMPTY: '', GATEHOUSE_PASSPHRASE: 'canary-passphrase' },
  platform: 'linux' as const,
}

describe('expand', () => {
  it('fills in what editors write', () => {
    expect(expand('${userHome}/x?r=${env:REGION}${/}', 'editor', place)).toEqual({
      text: '/home/ada/x?r=eu/',
      variables: ['REGION'],
      missing: [],
    })
  })

  it.each(['${input:key}', '${env:NOT_SET}', '${workspaceFolder}', '${file:/etc/token}'])(
    'says that %s is missing',
    (text) => {
      expect(expand(`a ${text}`, 'editor', place)).toEqual({ text: `a ${text}`, variables: [], missing: [text] })
    },
  )

  it('fills in variables with a default', () => {
    expect(expand('${REGION} ${OTHER:-de:-x} ${NOT_SET}', 'default', place)).toEqual({
      text: 'eu de:-x ${NOT_SET}',
      variables: ['REGION'],
      missing: ['${NOT_SET}'],
    })
    expect(expand('$REGION', 'default', place).text).toBe('$REGION')
  })

  it('fills in variables as a shell writes them', () => {
    expect(expand('$REGION-${REGION}', 'shell', place).text).toBe('eu-eu')
    expect(expand('$NOT_SET', 'shell', place).missing).toEqual(['$NOT_SET'])
  })

  it('knows an empty variable from one that is not set', () => {
    expect(expand('${EMPTY}', 'default', place)).toEqual({ text: '', variables: ['EMPTY'], missing: [] })
  })

  it('leaves all as it is where the client fills nothing in', () => {
    expect(expand('${REGION} $X', 'none', place)).toEqual({ text: '${REGION} $X', variables: [], missing: [] })
  })

  it('hands out no variable of our own', () => {
    expect(expand('${GATEHOUSE_PASSPHRASE}', 'default', place).missing).toEqual(['${GATEHOUSE_PASSPHRASE}'])
  })
})
