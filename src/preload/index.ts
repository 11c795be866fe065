import { contextBridge, ipcRenderer } from 'electron'
import { version } from '../../package.json'

/**
 * All that the page gets of Electron: a way to ask for its port to the core, and two facts. The port can't pass the
 * bridge (it would arrive as an empty object), so it goes by postMessage, to this page's own origin only.
 */
const bridge = {
  connect: () => ipcRenderer.send('port'),
  platform: process.platform,
  version,
}

export type GatehouseBridge = typeof bridge

ipcRenderer.on('port', (event) => {
  window.postMessage('gatehouse:port', window.location.origin, event.ports)
})
contextBridge.exposeInMainWorld('gatehouse', bridge)
