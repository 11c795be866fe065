import { spawn } from 'node:child_process'

const HEARTBEAT_MS = 15_000

/** Runs one named step, says when a long one is still going and how long it took. */
export async function step(name, work) {
  const started = Date.now()
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
  console.log(`▸ ${name} …`)
  const heartbeat = setInterval(() => console.log(`  ${name}: still working, ${seconds()}`), HEARTBEAT_MS)
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

/** Runs a program in the foreground with its input and signals, and answers its exit code. */
export function foreground(command, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })
    // A terminal sends Ctrl-C to both of us: the child decides when to end, we only wait for it.
    const forward = (signal) => child.kill(signal)
    const wait = () => undefined
    process.on('SIGTERM', forward)
    process.on('SIGINT', wait)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', forward)
      process.off('SIGINT', wait)
      resolve(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1))
    })
  })
}
