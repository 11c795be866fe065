export const VAULT_HINT =
  'GATEHOUSE_VAULT=key takes GATEHOUSE_VAULT_KEY (32 bytes in base64, for example from `openssl rand -base64 32`); ' +
  'GATEHOUSE_VAULT=passphrase takes GATEHOUSE_PASSPHRASE.'
