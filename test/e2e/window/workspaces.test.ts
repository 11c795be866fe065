import { expect, test } from 'vitest'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'

test('the window speaks for the workspace in front, and a plan without custom integrations says so', async () => {
  const dataDir = await temporaryDataDir()
  const { page, run } = await openDesktop({ dataDir })
  const ask = (path: string, workspace: string, body?: object) =>
    fetch(run.api_url + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${run.admin_token}`,
        'content-type': 'application/json',
        'gatehouse-workspace': workspace,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).then(async (answer) => (await answer.json()) as { items: { name: string }[] })

  await page.getByRole('button', { name: /^Workspace default/ }).click()
  await page.getByRole('menuitem', { name: 'New workspace…' }).click()
  await page.getByLabel('Name').fill('staging')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.getByRole('button', { name: /^Workspace staging/ }).waitFor()
  await page.keyboard.press('Control+n')
  await page.getByLabel(/^Paste a server URL/).fill(`"${process.execPath}" --version`)
  await page.getByLabel('Name', { exact: true }).fill('there')
  await page.getByLabel('Display name').fill('There')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: 'There' }).waitFor()
  const customOf = async (workspace: string) =>
    (await ask('/integrations', workspace)).items.map(({ name }) => name).filter((name) => name === 'there')
  expect(await customOf('staging')).toEqual(['there'])
  expect(await customOf('default')).toEqual([])

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Plan' }).click()
  await page.getByRole('button', { name: 'Change to Free' }).click()
  await page.getByRole('button', { name: /^Workspace staging.*Free/ }).waitFor()
  await page.getByRole('link', { name: /^Integrations/ }).click()
  await page.getByRole('note').getByText('Custom integrations need the Enterprise plan').waitFor()
  expect(await page.getByRole('switch', { name: 'Enable There' }).isDisabled()).toBe(true)

  // Remembered, also over a reload.
  await page.reload()
  await page.getByRole('row', { name: /there/ }).waitFor()
})
