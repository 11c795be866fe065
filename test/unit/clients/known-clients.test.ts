import { describe, expect, it } from 'vitest'
import { clientById, knownClients } from '../../../src/main/clients/known-clients.ts'
import { ClientId } from '../../../src/shared/contract/clients.ts'

const place = (platform: NodeJS.Platform, home: string, env: Record<string, string> = {}) => ({ platform, home, env })
const linux = place('linux', '/home/ada')
const macos = place('darwin', '/Users/ada', { XDG_CONFIG_HOME: '/elsewhere' })
const windows = place('win32', 'C:\\Users\\ada', { APPDATA: 'D:\\Roaming' })

describe('where clients keep their configuration', () => {
  it.each([
    ['claude-code', '/home/ada/.claude.json', '/Users/ada/.claude.json', 'C:\\Users\\ada\\.claude.json'],
    [
      'claude-desktop',
      '/home/ada/.config/Claude/claude_desktop_config.json',
      '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
      'D:\\Roaming\\Claude\\claude_desktop_config.json',
    ],
    ['cursor', '/home/ada/.cursor/mcp.json', '/Users/ada/.cursor/mcp.json', 'C:\\Users\\ada\\.cursor\\mcp.json'],
    [
      'vscode',
      '/home/ada/.config/Code/User/mcp.json',
      '/Users/ada/Library/Application Support/Code/User/mcp.json',
      'D:\\Roaming\\Code\\User\\mcp.json',
    ],
    ['codex', '/home/ada/.codex/config.toml', '/Users/ada/.codex/config.toml', 'C:\\Users\\ada\\.codex\\config.toml'],
    [
      'gemini',
      '/home/ada/.gemini/settings.json',
      '/Users/ada/.gemini/settings.json',
      'C:\\Users\\ada\\.gemini\\settings.json',
    ],
    [
      'windsurf',
      '/home/ada/.codeium/windsurf/mcp_config.json',
      '/Users/ada/.codeium/windsurf/mcp_config.json',
      'C:\\Users\\ada\\.codeium\\windsurf\\mcp_config.json',
    ],
    [
      'zed',
      '/home/ada/.config/zed/settings.json',
      '/Users/ada/.config/zed/settings.json',
      'D:\\Roaming\\Zed\\settings.json',
    ],
  ] as const)('%s', (id, onLinux, onMacos, onWindows) => {
    const client = clientById(id)
    expect([client.configPath(linux), client.configPath(macos), client.configPath(windows)]).toEqual([
      onLinux,
      onMacos,
      onWindows,
    ])
  })

  it.each([
    ['claude-code', 'CLAUDE_CONFIG_DIR', '/etc/x/.claude.json'],
    ['codex', 'CODEX_HOME', '/etc/x/config.toml'],
    ['gemini', 'GEMINI_CLI_HOME', '/etc/x/.gemini/settings.json'],
    ['zed', 'XDG_CONFIG_HOME', '/etc/x/zed/settings.json'],
    ['vscode', 'XDG_CONFIG_HOME', '/etc/x/Code/User/mcp.json'],
    ['claude-desktop', 'XDG_CONFIG_HOME', '/etc/x/Claude/claude_desktop_config.json'],
  ] as const)('%s follows %s', (id, variable, path) => {
    const client = clientById(id)
    expect(client.configPath(place('linux', '/home/ada', { [variable]: '/etc/x' }))).toBe(path)
    expect(client.configPath(place('linux', '/home/ada', { [variable]: '' }))).toBe(client.configPath(linux))
  })

  it('ignores a relative XDG_CONFIG_HOME, as its specification says', () => {
    const client = clientById('zed')
    expect(client.configPath(place('linux', '/home/ada', { XDG_CONFIG_HOME: 'x' }))).toBe(client.configPath(linux))
  })
})

it('knows each client of the contract', () => {
  expect(knownClients.map(({ id }) => id)).toEqual(ClientId.options)
})
