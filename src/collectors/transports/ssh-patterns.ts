/** A pattern of ssh_config(5) and known_hosts: `*` is any text, `?` one character, all else itself. */
export function quotedGlob(pattern: string): RegExp {
  const text = pattern
    // Neighbouring stars mean no more than one, and would make the expression slow.
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`, 's');
}
