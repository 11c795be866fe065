/** A file with the path that it has in the folder that was dropped or chosen; without a folder it is its name. */
export interface PlacedFile {
  path: string
  file: File
}

/** What is never part of a description, and may be large. */
const SKIPPED_FOLDERS = new Set(['node_modules', '__MACOSX'])
/** Looked at in a folder: more are a wrong folder. */
const MAX_ENTRIES = 20_000

/**
 * What was dropped, folders with all that is in them. The entries have to be taken before anything is awaited: afterwards the
 * browser has emptied the list.
 */
export async function droppedFiles(dropped: DataTransfer): Promise<PlacedFile[]> {
  const entries = [...dropped.items].flatMap((item) =>
    item.kind === 'file' ? { entry: item.webkitGetAsEntry(), file: item.getAsFile() } : [],
  )
  const files: PlacedFile[] = []
  for (const { entry, file } of entries) {
    if (entry?.isDirectory) await readFolder(entry as FileSystemDirectoryEntry, '', files)
    else if (file) files.push({ path: file.name, file })
  }
  return files
}

/** What was chosen in a file dialog. A folder's name is not part of the paths in it. */
export function chosenFiles(list: FileList): PlacedFile[] {
  const pathOf = ({ webkitRelativePath: path, name }: File): string => (path ? path.slice(path.indexOf('/') + 1) : name)
  return [...list].map((file) => ({ path: pathOf(file), file })).filter(({ path }) => !path.split('/').some(isSkipped))
}

async function readFolder(folder: FileSystemDirectoryEntry, at: string, files: PlacedFile[]): Promise<void> {
  const reader = folder.createReader()
  for (;;) {
    // Chromium answers a hundred at a time, and none once there are no more.
    const entries = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed))
    if (entries.length === 0) return
    for (const entry of entries) {
      if (isSkipped(entry.name)) continue
      if (files.length >= MAX_ENTRIES)
        throw new Error('There are too many files in this folder. Drop the folder of the API.')
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory) await readFolder(entry as FileSystemDirectoryEntry, path, files)
      else {
        const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed))
        files.push({ path, file })
      }
    }
  }
}

function isSkipped(name: string): boolean {
  return name.startsWith('.') || SKIPPED_FOLDERS.has(name)
}
