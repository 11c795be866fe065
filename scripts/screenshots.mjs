import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { step } from './progress.mjs'
import { withWindows } from './windows.mjs'

/**
 * Makes docs/screenshots from the running window: real servers, one of them refusing its token, in both themes. Run it by
 * `npm run screenshots` after a change that can be seen.
 */
const folder = join(root, 'docs', 'screenshots')
const servers = join(root, 'node_modules', '@modelcontextprotocol')

async function main() {
  await ensureInstalled()
  await ensureBuilt()
  await withWindows((env) => step('Taking screenshots', () => takeAll(env)))
}

async function takeAll(env) {
  const { _electron } = await import('playwright-core')
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-screenshots-'))
  const refusing = await startRefusingServer()
  const switches = env.GATEHOUSE_ELECTRON_ARGS.split(' ').filter((item) => item !== '')
  const app = await _electron.launch({
    executablePath: env.GATEHOUSE_ELECTRON,
    args: [...switches, root, `--data-dir=${dataDir}`, '--port=7420'],
    cwd: root,
    env: {
      ...process.env,
      ...env,
      PATH: `${join(pinnedNode, '..')}:${process.env.PATH}`,
      GATEHOUSE_VAULT: 'key',
      GATEHOUSE_VAULT_KEY: randomBytes(32).toString('base64'),
    },
  })
  try {
    const page = await app.firstWindow()
    await page.getByText('No custom integrations yet.').waitFor()
    await fill(JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')), refusing.url)
    mkdirSync(folder, { recursive: true })
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await takeScreens(page, theme)
    }
  } finally {
    await app.close()
    refusing.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function takeScreens(page, theme) {
  const take = (name) => page.screenshot({ path: join(folder, `${name}-${theme}.png`) })
  const open = (path) => page.evaluate((hash) => (location.hash = hash), path)

  await open('#/integrations')
  await page.getByText('Needs sign-in').first().waitFor()
  await page.waitForFunction(() => !document.body.innerText.includes('Connecting'))
  await take('integrations')

  await open('#/integrations/new')
  await page
    .getByLabel('Paste a server URL, a command, or a JSON config')
    .fill('npx -y @modelcontextprotocol/server-everything')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText(/^Connected\. \d+ tools found in /).waitFor()
  await take('add-mcp-server')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Leave' }).click()

  await open('#/integrations/everything/tools')
  await page.getByText('get-sum', { exact: true }).waitFor()
  await take('tools')

  await open('#/traffic')
  const calls = page.getByRole('grid', { name: 'Calls' })
  await calls.getByText('everything__get-sum').first().waitFor()
  await page.locator('canvas').waitFor()
  await take('traffic')
  await calls
    .getByRole('row', { name: /everything__get-sum/ })
    .first()
    .click()
  await page.getByRole('region', { name: 'Request' }).waitFor()
  await take('traffic-call')
  await page.keyboard.press('Escape')

  await open('#/integrations/everything/output')
  await page.getByRole('log').getByText('Event').first().waitFor()
  await page.getByText(/^pid \d+$/).waitFor()
  await take('output')

  await open('#/agents')
  await page.getByText('claude-code').first().waitFor()
  await take('agents')
}

/** What an admin would have added, by the same API. */
async function fill({ api_url, mcp_url, admin_token }, refusingUrl) {
  const send = async (method, path, body) => {
    const headers = { authorization: `Bearer ${admin_token}`, 'content-type': 'application/json' }
    const answer = await fetch(api_url + path, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
    return await answer.json()
  }
  const post = (path, body) => send('POST', path, body)
  const connected = async (name) => {
    const until = Date.now() + 30_000
    while ((await send('GET', `/integrations/${name}`)).connection.state !== 'connected') {
      if (Date.now() > until) throw new Error(`${name} did not connect in 30 s.`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const stdio = (file, ...args) => ({
    transport: 'stdio',
    command: 'node',
    args: [join(servers, file, 'dist/index.js'), ...args],
  })
  await post('/integrations', {
    name: 'everything',
    display_name: 'Everything',
    category: 'Testing',
    mcp: stdio('server-everything', 'stdio'),
    disabled_tools: ['get-env', 'toggle-*'],
  })
  await post('/integrations', {
    name: 'files',
    display_name: 'Files',
    category: 'Files',
    mcp: stdio('server-filesystem', folder),
  })
  await post('/integrations', {
    name: 'memory',
    display_name: 'Memory',
    category: 'Knowledge',
    mcp: stdio('server-memory'),
  })
  await post('/integrations', {
    name: 'billing',
    display_name: 'Billing',
    category: 'Finance',
    mcp: { transport: 'http', server_url: refusingUrl },
    auth_type: 'bearer',
    credentials: { api_token: 'expired' },
  })
  await send('PATCH', '/settings', { record_bodies: true })
  const tokens = {}
  for (const name of ['claude-code', 'cursor', 'nightly-report']) {
    tokens[name] = (await post('/agents', { name })).token
  }
  for (const name of ['everything', 'files', 'memory']) await connected(name)
  await makeCalls(mcp_url, tokens['claude-code'], [
    ['files__list_directory', { path: folder }],
    ['files__read_text_file', { path: '/etc/passwd' }],
    ['everything__trigger-long-running-operation', { duration: 1, steps: 2 }],
    ['memory__search_nodes', { query: 'release' }],
  ])
  await makeCalls(mcp_url, tokens.cursor, [
    ['everything__echo', { message: 'Is the gateway there?' }],
    ['everything__get-env', {}],
    ['everything__get-sum', { a: 1204, b: 48_310 }],
    ['memory__read_graph', {}],
  ])
}

/** What an agent would have called. Some of it is refused, as in life. */
async function makeCalls(mcpUrl, token, calls) {
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client')
  const client = new Client({ name: 'screenshots', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  const requestInit = { headers: { Authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit }))
  for (const [name, args] of calls) {
    await client.callTool({ name, arguments: args }).catch(() => undefined)
    // One a second, to have more than one bar.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  await client.close()
}

/** A server that no longer accepts its token. */
function startRefusingServer() {
  const server = createServer((_request, response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end())
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ url: `http://127.0.0.1:${server.address().port}/mcp`, close: () => server.close() }),
    ),
  )
}

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
