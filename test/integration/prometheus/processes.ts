import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Waits for it to be so; how long that takes is no matter of the test. */
export async function until<Result>(
  what: string,
  look: () => Promise<Result | undefined | false> | Result | undefined | false,
  { everyMs = 100, forMs = 40_000 } = {},
): Promise<Result> {
  const end = performance.now() + forMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`It did not come so far: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-monitoring-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** One that nothing listened on a moment ago. */
async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A process that can be ended, also without warning, and begun again in the same place. */
class RunningProcess {
  readonly #command: string
  readonly #args: readonly string[]
  readonly #isReady: () => Promise<boolean>
  #child: ChildProcess | undefined
  #output = ''

  constructor(command: string, args: readonly string[], isReady: () => Promise<boolean>) {
    this.#command = command
    this.#args = args
    this.#isReady = isReady
    onTestFinished(() => this.end('SIGKILL'))
  }

  async start(): Promise<void> {
    const child = spawn(this.#command, this.#args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    child.stderr.on('data', (chunk: Buffer) => (this.#output = `${this.#output}${chunk.toString()}`.slice(-4_000)))
    await once(child, 'spawn')
    await until(`${this.#command} is ready`, async () => {
      if (child.exitCode !== null) throw new Error(`${this.#command} ended: ${this.#output}`)
      return await this.#isReady().catch(() => false)
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child?.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

interface Running {
  url: string
  port: number
  process: RunningProcess
}

export interface PrometheusOptions {
  /** YAML below `scrape_configs:`, indented by two. */
  scrapes: (self: string) => string
  /** YAML of rules; left out: there are none. */
  rules?: string
  alertmanager?: string
  /** YAML of `--web.config.file`. */
  web?: string
  /** How it is known to be there; left out: it answers. */
  isReady?: (url: string) => Promise<boolean>
}

export interface RunningPrometheus extends Running {
  /** Gives it other things to scrape, or other rules. */
  configure(changes: Partial<Pick<PrometheusOptions, 'scrapes' | 'rules'>>): Promise<void>
}

/** A real Prometheus that scrapes and evaluates several times a second. */
export async function startPrometheus(options: PrometheusOptions): Promise<RunningPrometheus> {
  const folder = await temporaryFolder()
  const port = await freePort()
  const scheme = options.web?.includes('tls_server_config') === true ? 'https' : 'http'
  const url = `${scheme}://127.0.0.1:${port}`
  const file = (name: string) => join(folder, name)
  let current = options
  const write = async () => {
    await writeFile(file('rules.yml'), current.rules ?? 'groups: []\n')
    await writeFile(
      file('prometheus.yml'),
      `global:
  scrape_interval: 500ms
  scrape_timeout: 500ms
  evaluation_interval: 250ms
rule_files: [rules.yml]
${current.alertmanager === undefined ? '' : `alerting: { alertmanagers: [{ static_configs: [{ targets: ['${current.alertmanager}'] }] }] }\n`}scrape_configs:
${current.scrapes(`127.0.0.1:${port}`)}
`,
    )
  }
  await write()
  if (options.web !== undefined) await writeFile(file('web.yml'), options.web)
  const isReady = options.isReady ?? (async (address: string) => (await fetch(`${address}/-/ready`)).ok)
  const process = new RunningProcess(
    'prometheus',
    [
      `--config.file=${file('prometheus.yml')}`,
      `--storage.tsdb.path=${file('data')}`,
      '--storage.tsdb.retention.time=1d',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
      ...(options.web === undefined ? [] : [`--web.config.file=${file('web.yml')}`]),
    ],
    () => isReady(url),
  )
  await process.start()
  return {
    url,
    port,
    process,
    configure: async (changes) => {
      current = { ...current, ...changes }
      await write()
      process.signal('SIGHUP')
    },
  }
}

/** A real Alertmanager that tells a webhook of every group at once. */
export async function startAlertmanager(webhook: { url: string; token: string }): Promise<Running> {
  const folder = await temporaryFolder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await writeFile(
    join(folder, 'alertmanager.yml'),
    `route:
  receiver: gatehouse
  group_by: [alertname]
  group_wait: 100ms
  group_interval: 500ms
  repeat_interval: 1h
receivers:
  - name: gatehouse
    webhook_configs:
      - url: ${webhook.url}
        send_resolved: true
        http_config: { authorization: { credentials: ${webhook.token} } }
`,
  )
  const process = new RunningProcess(
    'prometheus-alertmanager',
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    async () => (await fetch(`${url}/-/ready`)).ok,
  )
  await process.start()
  return { url, port, process }
}

export async function startNodeExporter(): Promise<Running> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const process = new RunningProcess(
    'prometheus-node-exporter',
    [
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
      '--collector.disable-defaults',
      '--collector.loadavg',
    ],
    async () => (await fetch(`${url}/metrics`)).ok,
  )
  await process.start()
  return { url, port, process }
}
