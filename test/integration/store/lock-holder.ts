/** Child of kill.test.ts: takes the data directory at argv[2], says so, and stays; or says why it can't. */
import { DataDir } from '../../../src/main/base/data-dir.ts'
import { InstanceLock } from '../../../src/main/store/instance-lock.ts'

const dataDir = DataDir.open(process.argv[2] ?? '')
try {
  const lock = InstanceLock.take(dataDir)
  const url = 'http://127.0.0.1:7420'
  dataDir.writeRunFile({ pid: process.pid, mcp_url: `${url}/mcp`, api_url: `${url}/api/v1`, admin_token: 'gha_test' })
  process.stdout.write('held\n')
  process.once('SIGTERM', () => {
    lock.release()
    process.exit(0)
  })
  setInterval(() => undefined, 60_000)
} catch (error) {
  process.stdout.write(String(error))
  process.exitCode = 1
}
