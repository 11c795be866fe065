import { spawn } from 'node:child_process'

const HEARTBEAT_MS = 15_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Runs one named step, says when it is still going, unless that is expected, and how long it took. */
export async function step(name, work, { isLong = false } = {}) {
  const started = Date.now()
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
  console.log(`▸ ${name} …`)
  const stillWorking = () => console.log(`  ${name}: still working, ${seconds()}`)
  const heartbeat = isLong ? undefined : setInterval(stillWorking, HEARTBEAT_MS)
  try {
    const result = await work()
    console.log(`✓ ${name} (${seconds()})`)
    return result
  } catch (error) {
    console.log(`✗ ${name} (${seconds()})`)
    throw error
  } finally {
    clearInterval(heartbeat)
  }
}

/** Runs a program to its end; its output is shown, or kept for the error when `quiet`. */
export function run(command, args, { cwd, env, quiet = false, timeoutMs, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      timeout: timeoutMs,
      shell,
    })
    const output = []
    child.stdout?.on('data', (chunk) => output.push(chunk))
    child.stderr?.on('data', (chunk) => output.push(chunk))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(output).toString())
      const tail = Buffer.concat(output).toString().trim().split('\n').slice(-20).join('\n')
      reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}${tail ? `\n${tail}` : ''}`))
    })
  })
}

/** Runs a program to its end beside others. All of its output is in the error. */
export function inBackground(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe']
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    const end = (signal) => child.kill(signal)
    for (const signal of SIGNALS) process.on(signal, end)
    child.once('error', reject)
    child.once('close', (code) => {
      for (const signal of SIGNALS) process.off(signal, end)
      if (code === 0) resolve()
      else reject(new Error(Buffer.concat(output).toString()))
    })
  })
}

const SAME_SIGNAL_WITHIN_MS = 1000

/**
 * Runs a program in the foreground and answers its exit code. `ownGroup` keeps a terminal's Ctrl-C from reaching every
 * process below it at once (Chromium's helpers would die before the program that ends them in order); it is passed on
 * to the program alone, and once, although npm and the terminal both bring it.
 */
export function foreground(command, args, { cwd, env, ownGroup = false } = {}) {
  return new Promise((resolve, reject) => {
    const detached = ownGroup && process.platform !== 'win32'
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit', detached })
    let last = { signal: '', at: 0 }
    const forward = (signal) => {
      const repeated = signal === last.signal && Date.now() - last.at < SAME_SIGNAL_WITHIN_MS
      last = { signal, at: Date.now() }
      // In our own group a program has had Ctrl-C from the terminal already.
      if (!repeated && (detached || signal !== 'SIGINT')) child.kill(signal)
    }
    for (const signal of SIGNALS) process.on(signal, forward)
    child.once('error', reject)
    child.once('exit', (code) => {
      for (const signal of SIGNALS) process.off(signal, forward)
      resolve(code ?? 1)
    })
  })
}
