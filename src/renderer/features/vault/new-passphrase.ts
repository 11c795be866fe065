const MIN_PASSPHRASE_LENGTH = 8

/** Why this cannot be a new passphrase, typed twice; undefined when it can. */
export function passphraseFault(passphrase: string, repeated: string): string | undefined {
  if (passphrase.length < MIN_PASSPHRASE_LENGTH) return `Use at least ${MIN_PASSPHRASE_LENGTH} characters.`
  return passphrase === repeated ? undefined : 'The two passphrases differ.'
}
