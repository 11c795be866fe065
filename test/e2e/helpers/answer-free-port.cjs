// Loaded before the app: answers the question about the taken port with a free one, in place of a person.
const { dialog } = require('electron')

dialog.showMessageBox = ({ buttons }) => Promise.resolve({ response: buttons.indexOf('Use a free port for this run') })
