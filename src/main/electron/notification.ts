import { Notification } from 'electron'
import type { Notice } from './sign-in-notices.ts'

/** Shows a message of the desktop, where it has any. `opened`: the person clicked on it. */
export function showNotification({ title, body }: Notice, icon: string, opened: () => void): { close(): void } {
  if (!Notification.isSupported()) return { close: () => undefined }
  const notification = new Notification({ title, body, icon })
  notification.on('click', opened)
  notification.show()
  return { close: () => notification.close() }
}
