/**
 * What a server's process gets of our environment. Not the whole: ours may hold the vault's passphrase, tokens and
 * switches such as ELECTRON_RUN_AS_NODE. What a program needs to find its files, its user and the network does pass.
 */
const NAMES = new Set([
  'PATH',
  'HOME',
  'LANG',
  'LANGUAGE',
  'TEMP',
  'TMP',
  'TMPDIR',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'TZ',
  'SSH_AUTH_SOCK',
  // Proxies and certificate authorities of the network that we are in.
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
])
const PREFIXES = ['LC_', 'XDG_']
/** Without these most Windows programs do not start. */
const WINDOWS_NAMES = [
  'ALLUSERSPROFILE',
  'APPDATA',
  'COMMONPROGRAMFILES',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'NUMBER_OF_PROCESSORS',
  'OS',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'PROGRAMW6432',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'USERDOMAIN',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
]

/** The allowlisted part of `own`, and over it what the integration says. */
export function childEnvironment(
  own: NodeJS.ProcessEnv,
  integration: Record<string, string>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  // Windows has one variable whatever the case of its name: `Path` of ours and `PATH` of the integration.
  const same = (name: string) => (platform === 'win32' ? name.toUpperCase() : name)
  const replaced = new Set(Object.keys(integration).map(same))
  const inherited = Object.entries(own).flatMap(([name, value]) =>
    value !== undefined && isAllowed(name.toUpperCase(), platform) && !replaced.has(same(name)) ? [[name, value]] : [],
  )
  return { ...Object.fromEntries(inherited), ...integration } as Record<string, string>
}

function isAllowed(name: string, platform: NodeJS.Platform): boolean {
  return (
    NAMES.has(name) ||
    PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    (platform === 'win32' && WINDOWS_NAMES.includes(name))
  )
}
