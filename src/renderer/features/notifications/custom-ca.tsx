import { TextAreaField } from '../../ui/field.tsx'
import { Fold } from '../../ui/fold.tsx'

/** The authority of a server that the system does not trust. */
export function CustomCa({
  value,
  error,
  onChange,
}: {
  value: string
  error: string | undefined
  onChange: (ca: string) => void
}) {
  return (
    <Fold title="More settings" hasError={error !== undefined}>
      <TextAreaField
        mono
        label="Custom CA"
        hint="Certificate of the authority that signed the server's one, where the system does not trust it."
        rows={3}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={value}
        error={error}
        onChange={(event) => onChange(event.target.value)}
      />
    </Fold>
  )
}
