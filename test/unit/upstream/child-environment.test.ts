import { describe, expect, it } from 'vitest'
import { childEnvironment } from '../../../src/main/upstream/child-environment.ts'

describe('the environment of a child', () => {
  it('has what programs need and nothing else of ours', () => {
    const own = {
      PATH: '/bin',
      HOME: '/home/a',
      LC_ALL: 'C',
      XDG_CONFIG_HOME: '/c',
      https_proxy: 'http://proxy',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      GATEHOUSE_VAULT_KEY: 'secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
      NODE_OPTIONS: '--require /tmp/x.js',
      LD_PRELOAD: '/tmp/x.so',
      ELECTRON_RUN_AS_NODE: '1',
      APPDATA: 'c:\\',
    }
    expect(Object.keys(childEnvironment(own, {}, 'linux')).sort()).toEqual(
      ['HOME', 'LC_ALL', 'NODE_EXTRA_CA_CERTS', 'PATH', 'XDG_CONFIG_HOME', 'https_proxy'].sort(),
    )
  })

  it('lets the integration have the last word, also with names that are not on the list', () => {
    expect(childEnvironment({ PATH: '/bin' }, { PATH: '/mine', NODE_OPTIONS: '--x' }, 'linux')).toEqual({
      PATH: '/mine',
      NODE_OPTIONS: '--x',
    })
  })

  it('keeps one variable on Windows whatever its case', () => {
    const own = { Path: 'c:\\bin', SystemRoot: 'c:\\windows', SECRET: 'x' }
    expect(childEnvironment(own, { PATH: 'd:\\' }, 'win32')).toEqual({ SystemRoot: 'c:\\windows', PATH: 'd:\\' })
  })
})
