import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createHttpClient } from '../../helpers/http-client.ts'
import { openDesktop, temporaryDataDir, type Desktop } from '../helpers/desktop.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const passphrase = 'correct horse battery staple'

test('without a keychain the window offers a passphrase, and what needs no secret keeps running', async () => {
  const dataDir = await temporaryDataDir()
  const noBus = `unix:path=${join(dataDir, 'no-bus')}`
  const desktop = { dataDir, env: { GATEHOUSE_VAULT: 'keychain', DBUS_SESSION_BUS_ADDRESS: noBus } }

  const first = await openDesktop(desktop)
  await addServer(first, 'plain', {})
  await expectState(first, 'plain', 'Connected')
  await expect(addServer(first, 'secret', { API_KEY: 'a-secret-value' })).rejects.toThrow(
    /Secrets can ?not be stored yet/,
  )

  await first.page.getByRole('button', { name: 'Choose a passphrase' }).click()
  const dialog = first.page.getByRole('dialog', { name: 'Choose a passphrase' })
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await dialog.getByLabel('The same passphrase again', { exact: true }).fill(passphrase)
  await dialog.getByRole('button', { name: 'Use this passphrase' }).click()
  await dialog.waitFor({ state: 'detached' })
  await addServer(first, 'secret', { API_KEY: 'a-secret-value' })
  await expectState(first, 'secret', 'Connected')
  await first.quit()

  const second = await openDesktop(desktop)
  await second.page.getByText('The vault is locked').waitFor()
  await expectState(second, 'plain', 'Connected')
  await expectState(second, 'secret', 'Locked')
  await second.page.getByRole('button', { name: 'Unlock' }).first().click()
  const unlock = second.page.getByRole('dialog', { name: 'Unlock the vault' })
  await unlock.getByLabel('Passphrase', { exact: true }).fill('not the passphrase')
  await unlock.getByRole('button', { name: 'Unlock' }).click()
  await unlock.getByText('This passphrase is wrong.').waitFor()
  await unlock.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await unlock.getByRole('button', { name: 'Unlock' }).click()
  await unlock.waitFor({ state: 'detached' })
  await expectState(second, 'secret', 'Connected')
})

function addServer({ run }: Desktop, name: string, env: Record<string, string>) {
  const client = createHttpClient({ apiUrl: run.api_url, token: run.admin_token, workspace: 'default' })
  return client.integrations.create({
    name,
    mcp: { transport: 'stdio', command: process.execPath, args: [everything, 'stdio'] },
    ...(Object.keys(env).length > 0 ? { credentials: { env } } : {}),
  })
}

const expectState = ({ page }: Desktop, name: string, word: string) =>
  page.getByRole('row').filter({ hasText: name }).getByText(word, { exact: true }).waitFor()
